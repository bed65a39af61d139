import fc, { type Arbitrary } from 'fast-check';

const deep = (open: string, close: string) => open.repeat(5_000) + close.repeat(5_000);

/** JSON texts of values that are seldom expected, some of which no value of JavaScript has. */
const oddValues: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['null', 'true', '0', '-0', '-1', '1.5', '1e400', '-1e-400', '9007199254740993', '1e21'],
    ...['""', '" "', '"\\u0000"', '"\\ud800"', '"\\u202eabc"', '"NaN"', '"Infinity"', '"null"'],
    ...['{}', '[]', '[[]]', '[null]', '{"__proto__":1}', '{"constructor":{"prototype":{}}}'],
    ...['"2026-02-30"', '"0000-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999Z"', '"+275760-09-13"'],
    ...['"2026-01-01T00:00:00+23:59"', '"0001-01-01"', '"::ffff:1.2.3.4/96"', '"0.0.0.0/0"'],
    ...['"fe80::1%eth0"', '"ADA@EXAMPLE.COM"', '"%00"', `"' OR 1=1 --"`, '"\\\\u0000"'],
    deep('[', ']'),
    `"${'x'.repeat(20_000)}"`,
    `[${'"a:read",'.repeat(1_000)}"b:read"]`,
  ),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary', maxLength: 200 }).map((value) => JSON.stringify(value)),
  fc.double().map(String),
);

const oddNames = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'id', 'orgId', 'secret', ''),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

type Field = [name: string, value: string];
const write = (fields: Field[]) =>
  `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;

/** Changes one thing of an object; the result need not be JSON. */
function changed(value: object): Arbitrary<string> {
  const fields = Object.entries(value).map(([name, one]): Field => [name, JSON.stringify(one)]);
  const whole = write(fields);
  const added = fc.tuple(oddNames, oddValues).map((field) => write([...fields, field]));
  if (fields.length === 0) return added;
  const index = fc.nat(fields.length - 1);
  const replaced = fc
    .tuple(index, oddValues)
    .map(([at, odd]) => write(fields.map(([name, one], i) => [name, i === at ? odd : one])));
  return fc.oneof(
    { weight: 4, arbitrary: replaced },
    { weight: 2, arbitrary: added },
    index.map((at) => write(fields.filter((_, i) => i !== at))),
    fc.tuple(index, oddValues).map(([at, odd]) => write([...fields, [fields[at]?.[0] ?? '', odd]])),
    fc.nat(whole.length).map((length) => whole.slice(0, length)),
    fc.constantFrom(`\ufeff${whole}`, `${whole}${whole}`, `[${whole}]`, ` \n${whole}\t `),
  );
}

/** Bodies that have nothing to do with the schema. */
export const oddBodies: Arbitrary<string | Buffer> = fc.oneof(
  oddValues,
  fc.constantFrom(
    ...['', ' ', '{', '}', '{"name":', "{'name':'a'}", 'name=a&scope=read', '<a/>', 'undefined'],
    ...['NaN', '{"a":01}', '{"a":1,}', '{"__proto__":{"name":"a"}}', deep('{"a":', '}')],
    `{"name":"${'x'.repeat(70_000)}"}`,
  ),
  fc.constantFrom(
    Buffer.from('{"name":"a"}', 'utf16le'),
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]),
  ),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

/** Bodies that are nearly what the schema wants, and those that are far from it. */
export function spoiltBodies(valid: Arbitrary<unknown>): Arbitrary<string | Buffer> {
  const nearly = valid.chain((value) => changed(value as object));
  return fc.oneof({ weight: 3, arbitrary: nearly }, oddBodies);
}
