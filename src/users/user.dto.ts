import { z } from 'zod';
import { committed, pageOf, sampleIds, timestamp } from '../common/answer.js';
import { id, pageQuery, text } from '../common/schema.js';
import type { User } from './user.entity.js';

/** An e-mail address; letter case makes no difference. */
export const email = z
  .string()
  .max(254)
  .toLowerCase()
  .pipe(z.email('must be an e-mail address'))
  .meta({ format: 'email' });

export const personName = text(100);

/** A new person. */
export const CreateUser = z.strictObject({ email, name: personName }).meta({
  id: 'CreateUser',
  examples: [{ email: 'ada@example.com', name: 'Ada Lovelace' }],
});
export type CreateUser = z.infer<typeof CreateUser>;

export const ListUsers = pageQuery.extend({
  email: email.optional().describe('Only the user with this e-mail address.'),
});
export type ListUsers = z.infer<typeof ListUsers>;

export const UserView = z
  .strictObject({
    id: id('usr'),
    kind: z.enum(['person', 'service']),
    email: z.string().nullable().describe('In lower case. Service accounts have none.'),
    name: z.string(),
    status: z.enum(['active', 'deactivated']),
    createdAt: timestamp,
  })
  .meta({
    id: 'User',
    examples: [
      {
        id: sampleIds.user,
        kind: 'person',
        email: 'ada@example.com',
        name: 'Ada Lovelace',
        status: 'active',
        createdAt: '2026-11-02T09:10:00.000Z',
      },
    ],
  });
export type UserView = z.infer<typeof UserView>;
export const UserPage = pageOf(UserView);
export const UserCommitted = committed(UserView);

export function userView(user: User): UserView {
  const { id, kind, email: address, name, status, createdAt } = user;
  return { id, kind, email: address, name, status, createdAt };
}
