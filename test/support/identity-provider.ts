import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';
import type { Settings } from '../../src/config/settings.js';
import type { ApiResponse } from './client.js';
import { freePort } from './redis.js';
import type { Service } from './service.js';
import { cookieOf, sameOrigin } from './sessions.js';

/** Somebody's account at a provider. */
interface Account {
  subject: string;
  email?: string;
  emailVerified?: boolean;
}

/** An OpenID provider of the test's own, which asks nobody for a password. */
export interface TestProvider {
  settings: Pick<Settings, 'oidc' | 'publicUrl' | 'port'>;
  /** Who signs in there next; undefined is refused. */
  account: Account | undefined;
  /** Connections to it end until it is to respond again. */
  isAway: boolean;
  close(): Promise<void>;
}

function configurationOf(redirectUri: string, accountOf: () => Account | undefined): Configuration {
  return {
    clients: [
      {
        client_id: 'keyfence',
        client_secret: 'a secret of the client',
        redirect_uris: [redirectUri],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    cookies: { keys: ['of this test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, subject) => {
      const { email, emailVerified } = accountOf() ?? {};
      return {
        accountId: subject,
        claims: () => ({ sub: subject, email, email_verified: emailVerified }),
      };
    },
  };
}

/** Signs the account in and grants what was asked for, where a provider would show pages. */
async function interact(
  provider: Provider,
  account: Account | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (account === undefined) {
    const result = { error: 'access_denied' };
    await provider.interactionFinished(request, response, result);
  } else if (prompt.name === 'login') {
    const result = { login: { accountId: account.subject, remember: false } };
    await provider.interactionFinished(request, response, result);
  } else {
    const grant = new provider.Grant({
      accountId: session?.accountId ?? '',
      clientId: String(params.client_id),
    });
    grant.addOIDCScope('openid email');
    const result = { consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result);
  }
}

export async function startIdentityProvider(): Promise<TestProvider> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const self: TestProvider = {
    settings: {
      port,
      publicUrl,
      oidc: { issuer, clientId: 'keyfence', clientSecret: 'a secret of the client' },
    },
    account: undefined,
    isAway: false,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const provider = new Provider(
    issuer,
    configurationOf(`${publicUrl}/sign-in`, () => self.account),
  );
  const respond = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (self.isAway) request.socket.destroy();
    else if (request.url?.startsWith('/interaction/')) {
      interact(provider, self.account, request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    } else void respond(request, response);
  });
  return self;
}

/** Goes where a provider sends a browser, until it sends it back: to the query that it brings along. */
export async function passThrough(start: string, backTo: string): Promise<Record<string, string>> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let hops = 0; hops < 10; hops += 1) {
    if (url.startsWith(backTo)) return Object.fromEntries(new URL(url).searchParams);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const each of response.headers.getSetCookie()) {
      const [name = '', value = ''] = each.split(';')[0]?.split(/=(.*)/s) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${response.status} ${await response.text()}`);
    url = new URL(location, url).href;
  }
  throw new Error('the provider sends nobody back');
}

/** Signs the provider's account in to the console, as its page does. */
export async function signInAtProvider(service: Service): Promise<ApiResponse> {
  const headers = sameOrigin(service.url);
  const begun = await service.nobody.post('/v1/sign-in/provider', undefined, headers);
  if (begun.status !== 200) throw new Error(`not begun: ${begun.text}`);
  const given = await passThrough(begun.body.url as string, `${service.url}/sign-in`);
  const cookie = cookieOf(begun);
  return service.nobody.post('/v1/session/provider', given, { ...headers, cookie });
}
