import fc, { type Arbitrary } from 'fast-check';

/** The part of JSON Schema that the document uses for what comes in. */
export interface Schema {
  $ref?: string;
  type?: string;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  minProperties?: number;
}

/** Better values than a schema alone leads to, such as the ids of what exists. */
export type Known = (name: string, schema: Schema) => Arbitrary<unknown> | undefined;

/** What a name refers to: a schema of the document, and where its references lead. */
export interface Values {
  schemas: Record<string, Schema>;
  known: Known;
}

const day = 86_400_000;
/** Around today, as rules compare with it. */
const instants = fc
  .integer({ min: -10 * day, max: 500 * day })
  .map((offset) => new Date(Date.now() + offset).toISOString());

const formats: Record<string, Arbitrary<string>> = {
  'date-time': instants,
  date: instants.map((instant) => instant.slice(0, 10)),
  email: fc.emailAddress(),
  ipv4: fc.ipV4(),
  ipv6: fc.ipV6(),
};

/** One for all: fast-check takes a while to set it up. */
const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });

function text({ pattern, format, minLength = 0, maxLength = 40 }: Schema): Arbitrary<string> {
  if (format !== undefined) return formats[format] ?? refuse(`the format ${format}`);
  // fast-check cannot turn classes of Unicode characters round.
  const isPlain = pattern !== undefined && !pattern.includes('\\p');
  if (isPlain) return fc.stringMatching(new RegExp(pattern));
  const form = new RegExp(pattern ?? '', 'u');
  const longest = fc.constant('x'.repeat(maxLength));
  return fc
    .oneof({ weight: 9, arbitrary: anyText }, longest)
    .filter((each) => each.length >= minLength && form.test(each));
}

function list(name: string, schema: Schema, values: Values): Arbitrary<unknown[]> {
  const { items = {}, minItems: minLength, maxItems = 5, uniqueItems } = schema;
  const constraints = { minLength, maxLength: Math.min(maxItems, 5) };
  const item = valuesOf(name, items, values);
  return uniqueItems === true ? fc.uniqueArray(item, constraints) : fc.array(item, constraints);
}

/** Fields that may be left out mostly are: many rules are about two of them. */
function object(schema: Schema, values: Values): Arbitrary<object> {
  const { properties = {}, required = [], minProperties = 0 } = schema;
  const fields = Object.entries(properties).map(([name, field]) => {
    const given = valuesOf(name, field, values).map((value) => [[name, value]]);
    if (required.includes(name)) return given;
    return fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: given });
  });
  return fc
    .tuple(...fields)
    .filter((each) => each.flat().length >= minProperties)
    .map((each) => Object.fromEntries(each.flat()) as object);
}

function refuse(what: string): never {
  throw new Error(`the fuzzer has no values for ${what}`);
}

/**
 * Values that a schema of the document allows.
 *
 * @param name of the field or parameter
 * @throws Error for a schema that it does not know
 */
export function valuesOf(name: string, schema: Schema, values: Values): Arbitrary<unknown> {
  const { $ref, type, anyOf, minimum: min, maximum: max } = schema;
  if ($ref !== undefined) {
    const target = values.schemas[$ref.replace('#/components/schemas/', '')];
    return valuesOf(name, target ?? refuse($ref), values);
  }
  const known = values.known(name, schema);
  if (known !== undefined) return known;
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((one) => valuesOf(name, one, values)));
  switch (type) {
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer({ min, max });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return list(name, schema, values);
    case 'object':
      return object(schema, values);
    default:
      return refuse(JSON.stringify(schema));
  }
}
