import { assertDocumented, documentOf } from './contract.js';

/** A response of the service, its body parsed where it is JSON. */
export interface ApiResponse {
  status: number;
  headers: Headers;
  // The tests say what they expect of a body; a type would only repeat it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
  text: string;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/** All that the service ever responded with, so that a test can look for secrets in it. */
export type Transcript = string[];

/** Calls the service as the holder of this key. A response that its document does not promise fails. */
export class Caller {
  constructor(
    private readonly url: string,
    private readonly transcript: Transcript,
    readonly key?: string,
  ) {}

  async call(
    method: Method,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse> {
    const document = await documentOf(this.url);
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.key === undefined ? {} : { authorization: `Bearer ${this.key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    this.transcript.push(`${JSON.stringify([...response.headers])} ${text}`);
    const { status, headers: received } = response;
    assertDocumented(document, { method, path, status, headers: received, body: text });
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : undefined,
      text,
    };
  }

  get = (path: string, headers?: Record<string, string>) =>
    this.call('GET', path, undefined, headers);
  post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    this.call('POST', path, body, headers);
  put = (path: string, body?: unknown) => this.call('PUT', path, body);
  patch = (path: string, body?: unknown) => this.call('PATCH', path, body);
  delete = (path: string) => this.call('DELETE', path);
}
