import { z } from 'zod';
import { permission, roles } from '../auth/permission.js';
import { sampleIds, timestamp } from '../common/answer.js';
import { id } from '../common/schema.js';
import { email } from '../users/user.dto.js';

export const RequestLink = z
  .strictObject({ email })
  .meta({ id: 'RequestSignInLink', examples: [{ email: 'ada@example.com' }] });
export type RequestLink = z.infer<typeof RequestLink>;

export const SignIn = z
  .strictObject({
    token: z.string().max(100).describe('What stands behind the `#` of the link.'),
  })
  .meta({ id: 'SignIn', examples: [{ token: 'link_3vJ8…' }] });
export type SignIn = z.infer<typeof SignIn>;

export const SignInView = z
  .strictObject({
    mail: z.boolean().describe('Whether a link can be mailed.'),
    provider: z
      .string()
      .nullable()
      .describe('The host of the identity provider to sign in at; null when there is none.'),
    obstacle: z.string().nullable().describe('Why nobody can sign in here; null when they can.'),
  })
  .meta({ id: 'SignInOptions', examples: [{ mail: true, provider: null, obstacle: null }] });
export type SignInView = z.infer<typeof SignInView>;

const StandingView = z.strictObject({
  id: id('org'),
  name: z.string(),
  kind: z.enum(['operator', 'customer']),
  status: z.enum(['active', 'suspended']),
  role: z.enum(roles),
  permissions: z.array(permission).describe('What the user may do there; nothing while suspended.'),
  managers: z
    .array(z.string())
    .describe('Names of managers whom a member can ask, five at the most.'),
});
export type StandingView = z.infer<typeof StandingView>;

export const SessionView = z
  .strictObject({
    user: z.strictObject({ id: id('usr'), name: z.string(), email: z.string() }),
    createdAt: timestamp,
    expiresAt: timestamp.describe('When it ends without a further request.'),
    organisations: z.array(StandingView),
  })
  .meta({
    id: 'Session',
    examples: [
      {
        user: { id: sampleIds.user, name: 'Ada Lovelace', email: 'ada@example.com' },
        createdAt: '2026-11-05T15:30:00.000Z',
        expiresAt: '2026-11-05T16:58:12.000Z',
        organisations: [
          {
            id: sampleIds.org,
            name: 'Acme Rockets',
            kind: 'customer',
            status: 'active',
            role: 'member',
            permissions: ['keys:admin', 'keys:read', 'keys:write', 'org:read', 'telemetry:read'],
            managers: ['Grace Hopper'],
          },
        ],
      },
    ],
  });
export type SessionView = z.infer<typeof SessionView>;
