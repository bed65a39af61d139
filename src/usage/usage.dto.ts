import { z } from 'zod';

/** A day in UTC. PostgreSQL has no year 0. */
const day = z.iso.date().refine((value) => value >= '1000', 'must be in the year 1000 or later');

/** Which days are asked about. */
export const UsageQuery = z.strictObject({
  from: day.optional().describe('The first day, in UTC. 30 days in all when left out.'),
  to: day.optional().describe('The last day, in UTC. Today when left out.'),
});
export type UsageQuery = z.infer<typeof UsageQuery>;

const UsageDay = z.strictObject({
  day: z.iso.date(),
  uses: z.int().nonnegative(),
});
export type UsageDay = z.infer<typeof UsageDay>;

/** How often a key was used, day by day. */
export const UsageView = z
  .strictObject({
    days: z
      .array(UsageDay)
      .describe('Every day, the first one first, days without a use included.'),
  })
  .meta({
    id: 'Usage',
    examples: [
      {
        days: [
          { day: '2026-11-04', uses: 0 },
          { day: '2026-11-05', uses: 4711 },
        ],
      },
    ],
  });
export type UsageView = z.infer<typeof UsageView>;
