import { z } from 'zod';

/** An instant in an answer. It leaves as an RFC 3339 string in UTC. */
export const timestamp = z.date().meta({ type: 'string', format: 'date-time' });

/** The number of the state that an answer is about. */
export const authSeq = z
  .int()
  .nonnegative()
  .describe('The number of the state that the answer is about. Later states have greater ones.');

/** Ids for examples. */
export const sampleIds = {
  org: 'org_01k3w9v2m5f6t8xq4zrb7nhc0d',
  user: 'usr_2x7tq9c0hs8yd4fk1mw6gz3bna',
  key: 'key_01k3wa0r7e2d9j5xhy6tq8mbcv',
  event: 'aud_01k3wa0r7g4s1n8dkvz5c2ympb',
  delivery: 'dlv_01k3wa0r7m3f9t2hxqz6d4vnsb',
  webhook: 'whk_01k3w9x4c8g2r6p0tnyd5hv7me',
} as const;

/**
 * The example that a schema carries.
 *
 * @throws Error when it carries none
 */
export function exampleOf(schema: z.ZodType): object {
  const [example] = (schema.meta()?.examples ?? []) as object[];
  if (example === undefined) throw new Error('the schema has no example');
  return example;
}

/** The answer to a change: what it led to, and the number of that state. */
export function committed<Shape extends z.ZodRawShape>(view: z.ZodObject<Shape, z.core.$strict>) {
  return view.extend({ authSeq }).meta({ examples: [{ ...exampleOf(view), authSeq: 1042 }] });
}

/** One page of a list of these. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z
    .strictObject({
      items: z.array(item),
      nextCursor: z.string().nullable().describe('Null on the last page.'),
    })
    .meta({ examples: [{ items: [exampleOf(item)], nextCursor: null }] });
}
