import { expect } from 'expect';
import type { Answer } from './client.js';
import type { Service } from './service.js';

/** Well-formed identifiers that nothing has. */
export const missing = {
  org: 'org_01h455vb4pex5vsknk084sn02q',
  user: 'usr_01h455vb4pex5vsknk084sn02q',
  key: 'key_01h455vb4pex5vsknk084sn02q',
};

/** What may stand in a path instead of an identifier, and is none. */
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
};

/** Checks a problem document: its status, its code and its form. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body?.code }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
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
export async function withoutTrace(service: Service, send: () => Promise<Answer>): Promise<Answer> {
  const before = await traces(service);
  const answer = await send();
  expect(await traces(service)).toEqual(before);
  return answer;
}

/**
 * Sends each of these requests and expects a 400 that says which field is wrong, in words that say
 * more than that it is.
 */
export async function refusesEach<T>(
  service: Service,
  field: string | RegExp,
  inputs: Readonly<Record<string, T>>,
  send: (input: T) => Promise<Answer>,
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
  send: (body: unknown) => Promise<Answer>,
): Promise<void> {
  for (const body of ['[]', '[{}]', '"text"', '5', 'null', 'true']) {
    const answer = await withoutTrace(service, () => send(body));
    expect({ body, status: answer.status }).toEqual({ body, status: 400 });
    expectProblem(answer, 400, 'invalid_request');
  }
  for (const body of ['{', '{"name":"a"', "{'name':'a'}", '{"__proto__":{"name":"a"}}']) {
    const answer = await withoutTrace(service, () => send(body));
    expect({ body, status: answer.status }).toEqual({ body, status: 400 });
    expectProblem(answer, 400, 'malformed_json');
  }
}
