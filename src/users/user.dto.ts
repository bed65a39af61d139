import { z } from 'zod';
import { pageQuery, text } from '../common/schema.js';
import type { User } from './user.entity.js';

/** An e-mail address; letter case makes no difference. */
export const email = z
  .string()
  .trim()
  .max(254)
  .toLowerCase()
  .pipe(z.email('must be an e-mail address'));

export const personName = text(100);

/** A new person. */
export const CreateUser = z.strictObject({ email, name: personName });
export type CreateUser = z.infer<typeof CreateUser>;

export const ListUsers = pageQuery.extend({
  /** Only the user with this e-mail address. */
  email: email.optional(),
});
export type ListUsers = z.infer<typeof ListUsers>;

export function userView(user: User) {
  const { id, kind, email: address, name, status, createdAt } = user;
  return { id, kind, email: address, name, status, createdAt };
}
export type UserView = ReturnType<typeof userView>;
