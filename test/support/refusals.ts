import { expect } from 'expect';
import type { ApiResponse } from './client.js';
import type { Service } from './service.js';

/** Well-formed identifiers that nothing has. */
export const missing = {
  org: 'org_01h455vb4pex5vsknk084sn02q',
  user: 'usr_01h455vb4pex5vsknk084sn02q',
  key: 'key_01h455vb4pex5vsknk084sn02q',
};

/** What may be in a path instead of an identifier, and is none. */
export const malformedIds = ['org_x', 'usr_x', 'nothing', '%00', 'a%20b', '%F0%9F%94%91', '..%2Fx'];

/** Values that no name can have. */
export const badNames: Record<string, unknown> = {
  'no value': undefined,
  null: null,
  'a number': 5,
  'a list': ['Ada'],
  'an object': { name: 'Ada' },
  'an empty text': '',
  'a blank text': ' \t ',
  'a text of 101 characters': 'x'.repeat(101),
  'a NUL': 'a\0b',
  'a control character': 'a\u001bb',
  'a tab at the end': 'ab\t',
  'a C1 control character': 'a\u0085b',
  'a line separator': 'a\u2028b',
  'half a surrogate pair': 'a\ud800b',
  'a line break': 'a\r\nb',
  ...turningNames(),
  ...invisibleNames(),
};

/** Names with each of the characters that change the direction of text. */
export function turningNames(): Record<string, string> {
  const points = [0x061c, 0x200e, 0x200f];
  for (let point = 0x202a; point <= 0x202e; point += 1) points.push(point);
  for (let point = 0x2066; point <= 0x2069; point += 1) points.push(point);
  return Object.fromEntries(
    points.map((point) => [`U+${point.toString(16)}`, `a${String.fromCodePoint(point)}b`]),
  );
}

/** Names in which there is nothing to see. */
export function invisibleNames(): Record<string, string> {
  return {
    'a no-break space': '\u00a0',
    'a zero-width space': '\u200b',
    'zero-width joiners': '\u200d \u200c',
    'a soft hyphen': '\u00ad',
    'a word joiner': '\u2060',
    'a byte order mark': '\ufeff\u200b',
    'a Hangul filler': '\u3164',
    'a blank of Braille': '\u2800',
    'a mark alone': '\u0301',
    'a variation selector': '\ufe0f',
    'a tag character': '\u{e0061}',
  };
}

/** Names of persons and organisations that would lead somewhere in a mail. */
export const leadingNames: Record<string, string> = {
  'a URL': 'Sign in at https://evil.example',
  'a URL of another scheme': 'a://b',
  'the beginning of a host': 'www.evil.example',
  'the same in other letters': 'See WwW.evil',
};

/** Checks a problem document: its status, its code and its form. */
export function expectProblem(response: ApiResponse, status: number, code: string): void {
  expect({ status: response.status, code: response.body?.code }).toEqual({ status, code });
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.body).toMatchObject({
    type: `urn:keyfence:problem:${code}`,
    status,
    title: expect.stringMatching(/\.$/),
  });
}

/** What a change would have moved: the audit log and the number of the state. */
async function traces(service: Service): Promise<unknown> {
  const { rows } = await service.db.query<{ events: string; n: string }>(
    'SELECT (SELECT count(*) FROM audit_events) AS events, n FROM auth_head',
  );
  return rows[0];
}

/** Sends a request that must leave no trace in the audit log nor move the state. */
export async function withoutTrace(
  service: Service,
  send: () => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const before = await traces(service);
  const response = await send();
  expect(await traces(service)).toEqual(before);
  return response;
}

/**
 * Sends each of these requests and expects a 400 that says which field is wrong, in words that say
 * more than that it is.
 */
export async function refusesEach<T>(
  service: Service,
  field: string | RegExp,
  inputs: Readonly<Record<string, T>>,
  send: (input: T) => Promise<ApiResponse>,
): Promise<void> {
  for (const [why, input] of Object.entries(inputs)) {
    const { status, body } = await withoutTrace(service, () => send(input));
    const [first] = (body?.errors ?? []) as { path: string; message: string }[];
    expect({ why, status, code: body?.code, path: first?.path, message: first?.message }).toEqual({
      why,
      status: 400,
      code: 'invalid_request',
      path: typeof field === 'string' ? field : expect.stringMatching(field),
      message: expect.not.stringMatching(/^(Invalid input)?$/),
    });
  }
}

/** Bodies that are no object at all; each is refused before any field is looked at. */
export async function refusesOtherBodies(
  service: Service,
  send: (body: unknown) => Promise<ApiResponse>,
): Promise<void> {
  for (const body of ['[]', '[{}]', '"text"', '5', 'null', 'true']) {
    const response = await withoutTrace(service, () => send(body));
    expect({ body, status: response.status }).toEqual({ body, status: 400 });
    expectProblem(response, 400, 'invalid_request');
  }
  for (const body of ['{', '{"name":"a"', "{'name':'a'}", '{"__proto__":{"name":"a"}}']) {
    const response = await withoutTrace(service, () => send(body));
    expect({ body, status: response.status }).toEqual({ body, status: 400 });
    expectProblem(response, 400, 'malformed_json');
  }
}
