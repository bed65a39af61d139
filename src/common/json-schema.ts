import { fieldsOf, modelOf, type Class, type Field, type JsonObject, type Kind } from './field.js';

/** One of several classes. */
export class Alternatives<T> {
  constructor(
    /** Its name in `/openapi.json`. */
    readonly id: string,
    readonly types: readonly Class<T>[],
    readonly example: object,
  ) {}
}

/** Describes a value of this type. */
export type Shape<T = object> = Class<T> | Alternatives<T>;

/** The schema of a class that another class refers to: its own one, or a reference. */
type Mention = (type: Class<object>) => JsonObject;

const own: Mention = (type) => schemaOf(type);

function schemaOfKind({ schema, item, type }: Kind, mention: Mention): JsonObject {
  if (item !== undefined) return { ...schema, items: schemaOfKind(item, mention) };
  return type === undefined ? schema : mention(type);
}

function orNull(schema: JsonObject): JsonObject {
  // A plain type can include null; next to a pattern it would read as if null had to match it.
  const isBare = Object.keys(schema).join() === 'type';
  return isBare ? { type: [schema.type, 'null'] } : { anyOf: [schema, { type: 'null' }] };
}

function schemaOfField({ kind, isNullable, about }: Field, mention: Mention): JsonObject {
  if (kind === undefined) throw new Error('a field does not say what it is');
  const schema = schemaOfKind(kind, mention);
  return {
    ...(isNullable ? orNull(schema) : schema),
    ...(about !== undefined && { description: about }),
  };
}

/** JSON Schema (draft 2020-12) of a class. */
export function schemaOf(type: Class<object>, mention: Mention = own): JsonObject {
  const { isOpen = false, schema } = modelOf(type);
  const fields = [...fieldsOf(type)];
  const preset = new type() as JsonObject;
  const properties = fields.map(([name, field]) => [
    name,
    { ...schemaOfField(field, mention), ...(field.isPreset && { default: preset[name] }) },
  ]);
  const required = fields
    .filter(([, { isOptional, isPreset }]) => !isOptional && !isPreset)
    .map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonObject,
    ...(required.length > 0 && { required }),
    additionalProperties: isOpen ? {} : false,
    ...schema,
  };
}

/**
 * The example of a shape.
 *
 * @throws Error when it has none
 */
export function exampleOf(shape: Shape): object {
  const { example } = shape instanceof Alternatives ? shape : modelOf(shape);
  if (example === undefined) throw new Error(`${'id' in shape ? 'it' : shape.name} has no example`);
  return example;
}
