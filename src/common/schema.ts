import { z } from 'zod';
import { idPattern, isId, type Id } from './ids.js';
import { parseCidr } from './ip.js';
import { containsSecret } from './secret.js';

// "Unrecognized key" would read as if it were about the API key.
z.config({
  customError: (issue) =>
    issue.code === 'unrecognized_keys' ? `unknown field ${issue.keys.join(', ')}` : undefined,
});

/**
 * Text that a person typed: trimmed, without control characters and without halves of surrogate
 * pairs, which PostgreSQL can store neither as text nor as JSON.
 *
 * @param max the greatest length in characters (Unicode code points)
 */
export function text(max: number) {
  return (
    z
      .string()
      // Asked before the trimming, so that what is taken is what the OpenAPI document says.
      .max(max)
      .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'must not contain control characters')
      .trim()
      .min(1)
      .refine((value) => !containsSecret(value), 'must not contain an API key: it would be stored')
  );
}

/** An identifier of this type. */
export function id<Prefix extends string>(prefix: Prefix) {
  return z
    .custom<Id<Prefix>>((value) => isId(prefix, value), `must be an id such as ${prefix}_…`)
    .meta({ type: 'string', pattern: idPattern(prefix) });
}

/** A list that has at least one entry and none of them twice. */
export function uniqueList<T extends z.ZodType>(item: T, max: number) {
  return z
    .array(item)
    .min(1)
    .max(max)
    .refine((list) => new Set(list).size === list.length, 'must not contain an entry twice')
    .meta({ uniqueItems: true });
}

/** An address range in CIDR notation (RFC 4632, RFC 4291); a single address is a range of one. */
export const cidr = z
  .string()
  .max(64)
  .transform((value, context) => {
    const range = parseCidr(value);
    if (range !== undefined) return range;
    context.addIssue('must be an IPv4 or IPv6 address or CIDR range whose host bits are zero');
    return z.NEVER;
  });

/** Query parameters that every list understands. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('Items on a page.'),
  cursor: z
    .string()
    .max(1000)
    .optional()
    .describe('Where the page begins: `nextCursor` of the page before it.'),
});

/** An RFC 3339 instant with an offset, as a Date. */
export const instant = z.iso.datetime({ offset: true }).transform((value) => new Date(value));
