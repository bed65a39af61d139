import { Injectable } from '@nestjs/common';
import type { Origin } from '../auth/caller.js';
import { FailureThrottle } from '../auth/throttling/failure-throttle.js';
import { Problem } from '../common/errors.js';
import type { Attempt, FinishSignIn } from './identity.dto.js';
import { IdentityProvider, type Identity } from './identity-provider.js';
import { IdentityStore } from './identity.store.js';
import type { SessionView } from './session.dto.js';
import { SessionService } from './session.service.js';

/**
 * Signing in with an account at the identity provider. An account is bound to a user at its first
 * sign-in, by an address that the provider has verified. From then on the address does not matter.
 */
@Injectable()
export class IdentitySignIn {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly identities: IdentityStore,
    private readonly sessions: SessionService,
    private readonly throttle: FailureThrottle,
  ) {}

  begin(): Promise<{ url: string; attempt: Attempt }> {
    return this.provider.begin();
  }

  /**
   * @param attempt what the browser has stored; undefined if nothing
   * @throws Problem `identity_not_confirmed`, `identity_unknown`, `too_many_failures`, `unavailable`
   */
  async finish(
    origin: Origin,
    attempt: Attempt | undefined,
    given: FinishSignIn,
  ): Promise<{ token: string; session: SessionView }> {
    this.throttle.admit(origin.ip);
    if (attempt === undefined) throw new Problem('identity_not_confirmed');
    const identity = await this.identify(origin, attempt, given);
    const userId = await this.identities.userOf(identity);
    if (userId === undefined) throw unknown(identity);
    return this.sessions.begin(origin, userId, async (tx, record) => {
      if (await this.identities.bind(tx, identity, userId)) {
        const { issuer, subject } = identity;
        await record('user.identity_bound', userId, { issuer, subject });
      }
      if (!(await this.identities.isOf(tx, identity, userId))) throw unknown(identity);
    });
  }

  private async identify(origin: Origin, attempt: Attempt, given: FinishSignIn): Promise<Identity> {
    try {
      return await this.provider.finish(attempt, given);
    } catch (error) {
      if (error instanceof Problem && error.code === 'identity_not_confirmed') {
        this.throttle.count(origin.ip);
      }
      throw error;
    }
  }
}

function unknown({ verifiedEmail }: Identity): Problem {
  const detail =
    verifiedEmail === undefined
      ? 'The identity provider has not verified an e-mail address that somebody here can have.'
      : `Ask a manager of your organisation to add ${verifiedEmail}, or an operator of Keyfence if you were here before.`;
  return new Problem('identity_unknown', detail);
}
