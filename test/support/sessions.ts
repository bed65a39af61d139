import { SignInLinks } from '../../src/sessions/sign-in-links.js';
import type { Answer, Caller, Method } from './client.js';
import type { Service } from './service.js';

/** What a browser says of a request that a page of the console makes. */
export const sameOrigin = (origin: string) => ({ 'sec-fetch-site': 'same-origin', origin });

/** The session cookie that an answer sets, as a browser sends it back. */
export function cookieOf({ headers }: Answer): string {
  const [cookie = ''] = headers.getSetCookie();
  return cookie.split(';')[0] ?? '';
}

/** The console in a browser in which somebody is signed in. */
export class Browser {
  constructor(
    private readonly nobody: Caller,
    private readonly origin: string,
    readonly cookie: string,
  ) {}

  call(
    method: Method,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const own = { cookie: this.cookie, ...sameOrigin(this.origin), ...headers };
    return this.nobody.call(method, path, body, own);
  }

  get = (path: string, headers?: Record<string, string>) =>
    this.call('GET', path, undefined, headers);
  post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    this.call('POST', path, body, headers);
  put = (path: string, body?: unknown) => this.call('PUT', path, body);
  patch = (path: string, body?: unknown) => this.call('PATCH', path, body);
  delete = (path: string) => this.call('DELETE', path);
}

/** The token of a new link for whoever has this address. */
export async function newLink(
  { app, url }: Pick<Service, 'app' | 'url'>,
  email: string,
): Promise<string> {
  const made = await app.get(SignInLinks).make(email, url);
  if (made === undefined) throw new Error(`nobody has the address ${email}`);
  return made.link.split('#')[1] ?? '';
}

/** Signs a person in. */
export async function signIn(service: Service, { email }: { email: string }): Promise<Browser> {
  const token = await newLink(service, email);
  const origin = service.settings.publicUrl ?? service.url;
  const answer = await service.nobody.post('/v1/session', { token }, sameOrigin(origin));
  if (answer.status !== 200) throw new Error(`not signed in: ${answer.text}`);
  return new Browser(service.nobody, origin, cookieOf(answer));
}
