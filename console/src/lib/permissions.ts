import type { CreateKey } from '../api/client';
import { isCovered } from './words';

/** Resources of Keyfence itself; all others are data. */
const management = ['keys', 'members', 'audit', 'org', 'orgs', 'users', 'verify', 'webhooks'];

/** Whether the permission is about data, not about Keyfence itself. */
export const isData = (permission: string) => !management.includes(permission.split(':')[0] ?? '');

/** What a new key can hold of these. */
export const possible = (
  permissions: string[],
  scope: CreateKey['scope'],
  isForManagement: boolean,
) => permissions.filter((each) => isCovered(each, scope) && (isForManagement || isData(each)));
