import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Mutations } from '../changes/mutations.js';
import { lockUser } from '../changes/row-locks.js';
import { granted, Problem } from '../common/errors.js';
import type { UserId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import type { Committed } from '../database/transactions.js';
import { OrgStore } from '../orgs/org.store.js';
import { decideImpersonation } from '../permissions/giving.js';
import { consoleOrigin, obstacle } from '../sessions/console-origin.js';
import { SignInLinks } from '../sessions/sign-in-links.js';
import type { SignInLinkView } from './user.dto.js';
import { UserStore } from './user.store.js';

const lifetimeMs = 15 * 60_000;

/** Sign-in links that operators pass on, where no mail server is set up. */
@Injectable()
export class UserSignInLinks {
  constructor(
    private readonly users: UserStore,
    private readonly orgs: OrgStore,
    private readonly links: SignInLinks,
    private readonly mutations: Mutations,
    private readonly settings: Settings,
  ) {}

  /**
   * @param host the `Host` of the request: where the console is when no public URL is set
   * @throws Problem `sign_in_links_closed`, `owner_inactive`, `exceeds_issuer`
   */
  create(
    caller: Caller,
    userId: UserId,
    host: string | undefined,
  ): Promise<Committed<SignInLinkView>> {
    const locks = [lockUser(userId, 'share')];
    return this.mutations.run(caller, locks, async ({ tx, me, now, record }) => {
      const operators = await this.orgs.getOperator(tx);
      granted(decideImpersonation(me, me.principal.key.allowedIps, operators));
      const user = await this.users.get(userId, tx);
      if (user.email === null) throw new Problem('not_found');
      const url = consoleOrigin(this.settings.publicUrl, host);
      if (url === undefined) throw new Problem('sign_in_links_closed', obstacle);
      if (!this.links.canBeHandedOut) throw new Problem('sign_in_links_closed');
      const link = await this.links.insert(tx, userId, user.email, url);
      if (link === undefined) throw new Problem('owner_inactive');
      const after = { by: 'operator' };
      await record({ orgId: operators.id, action: 'user.link_made', targetId: userId, after });
      return { link, expiresAt: new Date(now.getTime() + lifetimeMs) };
    });
  }
}
