import { z } from 'zod';

/** A part of the document. */
export type JsonObject = Record<string, unknown>;

interface Converted extends JsonObject {
  $schema?: unknown;
  $defs?: Record<string, JsonObject>;
}

/** Formats that zod also spells out as a pattern, many times as long. */
const spelledOut = new Set(['date-time', 'date', 'ipv4', 'ipv6', 'email']);

function convert(schema: z.ZodType, io: 'input' | 'output'): Converted {
  const converted: Converted = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    // What has no form of its own says by `meta` what it is in JSON.
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (spelledOut.has(jsonSchema.format ?? '')) delete jsonSchema.pattern;
      // They stand beside the schema, where they are used.
      delete jsonSchema.examples;
    },
  });
  delete converted.$schema;
  const text = JSON.stringify(converted).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as Converted;
}

/** Collects the schemas that have a name (`meta({ id })`), so that others can refer to them. */
export class Components {
  readonly schemas: Record<string, JsonObject> = {};
  private readonly known = new Map<z.ZodType, JsonObject>();

  /**
   * A schema as JSON Schema (draft 2020-12).
   *
   * @param io whether it describes what comes in, before defaults and conversions, or what leaves;
   *   always the same for one schema
   */
  add(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const known = this.known.get(schema);
    if (known !== undefined) return known;
    const { $defs = {}, ...own } = convert(schema, io);
    Object.assign(this.schemas, $defs);
    this.known.set(schema, own);
    return own;
  }
}
