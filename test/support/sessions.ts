import { SignInLinks } from '../../src/sessions/sign-in-links.js';
import type { ApiResponse, Caller, Method } from './client.js';
import type { Service } from './service.js';

/** What a browser says of a request that a page of the console makes. */
export const sameOrigin = (origin: string) => ({ 'sec-fetch-site': 'same-origin', origin });

/** The session cookie that a response sets, as a browser sends it back. */
export function cookieOf({ headers }: ApiResponse): string {
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
  ): Promise<ApiResponse> {
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

/** The token of a new link for the person who has this address. */
export async function newLink(
  { app, url }: Pick<Service, 'app' | 'url'>,
  email: string,
): Promise<string> {
  const link = await app.get(SignInLinks).make(email, url, 'command');
  if (link === undefined) throw new Error(`nobody has the address ${email}`);
  return link.split('#')[1] ?? '';
}

/** Signs a person in. */
export async function signIn(
  service: Service,
  { email }: { email: string },
  headers: Record<string, string> = {},
): Promise<Browser> {
  const token = await newLink(service, email);
  const origin = service.settings.publicUrl ?? service.url;
  const response = await service.nobody.post(
    '/v1/session',
    { token },
    {
      ...sameOrigin(origin),
      ...headers,
    },
  );
  if (response.status !== 200) throw new Error(`not signed in: ${response.text}`);
  return new Browser(service.nobody, origin, cookieOf(response));
}
