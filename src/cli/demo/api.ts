/** Milliseconds. */
const timeoutMs = 30_000;

type Body = Record<string, unknown>;

/** The service as somebody who has a key, or a session, sees it. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
  ) {}

  /** As the holder of a key. */
  static withKey(url: string, key: string): Api {
    return new Api(url, { authorization: `Bearer ${key}` });
  }

  /** In the console, with a sign-in link. */
  static async signIn(url: string, link: string): Promise<Api> {
    const browser = { origin: url, 'sec-fetch-site': 'same-origin' };
    const [, token] = link.split('#');
    const response = await new Api(url, browser).send('POST', '/v1/session', { token });
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    return new Api(url, { ...browser, cookie: cookies.join('; ') });
  }

  async call<T = Body>(method: string, path: string, body?: Body): Promise<T> {
    return (await (await this.send(method, path, body)).json()) as T;
  }

  private async send(method: string, path: string, body?: Body): Promise<Response> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...this.headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response;
  }
}
