import { Injectable } from '@nestjs/common';
import * as openid from 'openid-client';
import { Problem } from '../common/errors.js';
import { toEmailAddress } from '../common/fields.js';
import { Settings, type OidcSettings } from '../config/settings.js';
import type { Attempt, FinishSignIn } from './identity.dto.js';

/** An account at the provider (OpenID Connect Core 1.0, sections 2 and 5.1). */
export interface Identity {
  issuer: string;
  subject: string;
  /** In lower case; undefined when the provider has not verified it, or nobody here can have it. */
  verifiedEmail: string | undefined;
}

/** Seconds that the provider may take to respond. */
const timeoutSeconds = 5;

/**
 * Sends the secret of the client by the method that the provider supports (OpenID Connect Core 1.0,
 * section 9).
 */
function authentication(secret: string): openid.ClientAuth {
  const basic = openid.ClientSecretBasic(secret);
  const post = openid.ClientSecretPost(secret);
  return (server, ...rest) => {
    const takesPost = server.token_endpoint_auth_methods_supported?.includes('client_secret_post');
    (takesPost === true ? post : basic)(server, ...rest);
  };
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings) {
  const url = new URL(issuer);
  const auth = clientSecret === undefined ? openid.None() : authentication(clientSecret);
  return openid.discovery(url, clientId, undefined, auth, {
    timeout: timeoutSeconds,
    // The settings allow http on this machine only; deprecated as a warning to developers.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    execute: url.protocol === 'http:' ? [openid.allowInsecureRequests] : [],
  });
}

/** Whether the provider refused, or its response failed our checks. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return (
    error instanceof openid.ResponseBodyError ||
    error instanceof openid.AuthorizationResponseError ||
    error instanceof openid.WWWAuthenticateChallengeError ||
    (error instanceof openid.ClientError && code !== 'OAUTH_TIMEOUT')
  );
}

/** The OpenID provider of the installation: authorisation code flow with PKCE, state and nonce. */
@Injectable()
export class IdentityProvider {
  private configuration: Promise<openid.Configuration> | undefined;

  constructor(private readonly settings: Settings) {}

  /** The name that people see: its host. Undefined when there is none. */
  get name(): string | undefined {
    const { oidc } = this.settings;
    return oidc && new URL(oidc.issuer).host;
  }

  /**
   * Begins a sign-in.
   *
   * @returns where to send the browser, and what it stores meanwhile
   * @throws Problem `no_identity_provider`, `unavailable`
   */
  async begin(): Promise<{ url: string; attempt: Attempt }> {
    const configuration = await this.configured();
    const attempt = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    };
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: this.redirectUri,
      scope: 'openid email',
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, attempt };
  }

  /**
   * Identifies the person who has come back.
   *
   * @throws Problem `no_identity_provider`, `identity_not_confirmed`, `unavailable`
   */
  async finish(attempt: Attempt, { code, state, iss }: FinishSignIn): Promise<Identity> {
    const configuration = await this.configured();
    const query = { code, state, ...(iss !== undefined && { iss }) };
    const url = new URL(`${this.redirectUri}?${new URLSearchParams(query).toString()}`);
    try {
      return await identify(configuration, url, attempt);
    } catch (cause) {
      const problem = isRefusal(cause) ? 'identity_not_confirmed' : 'unavailable';
      throw new Problem(problem, undefined, {}, { cause });
    }
  }

  private get redirectUri(): string {
    return `${this.settings.publicUrl ?? ''}/sign-in`;
  }

  /** Discovered when it is first needed, so that the service starts without the provider. */
  private async configured(): Promise<openid.Configuration> {
    const { oidc } = this.settings;
    if (oidc === undefined) throw new Problem('no_identity_provider');
    try {
      this.configuration ??= discover(oidc);
      return await this.configuration;
    } catch (cause) {
      this.configuration = undefined;
      throw new Problem('unavailable', 'The identity provider does not respond.', {}, { cause });
    }
  }
}

async function identify(
  configuration: openid.Configuration,
  url: URL,
  { state, nonce, verifier }: Attempt,
): Promise<Identity> {
  const tokens = await openid.authorizationCodeGrant(configuration, url, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Problem('identity_not_confirmed');
  const { iss: issuer, sub: subject } = claims;
  // Many providers put the address into the token, others have to be asked (section 5.4).
  const { email: address, email_verified: isVerified } =
    claims.email === undefined
      ? await openid.fetchUserInfo(configuration, tokens.access_token, subject)
      : claims;
  const verifiedEmail = isVerified === true ? toEmailAddress(address) : undefined;
  return { issuer, subject, verifiedEmail };
}
