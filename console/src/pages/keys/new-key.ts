import type { CreateKey } from '../../api/client';
import { toExpiry, type ExpiryChoice } from '../../lib/expiry';
import { isData } from '../../lib/permissions';
import { wordsIn } from '../../lib/words';
import type { Labels } from './label-fields';
import type { Narrowing } from './narrow-fields';
import { servicePermissions } from './service-field';

/** What the fields make of a key. */
export interface Draft {
  name: string;
  scope: CreateKey['scope'];
  isForManagement: boolean;
  isForService: boolean;
  choice: ExpiryChoice;
  date: string;
  narrowing: Narrowing;
  labels: Labels;
  ownerId: string | undefined;
}

export const emptyDraft = {
  name: '',
  scope: 'read',
  isForService: false,
  date: '',
  narrowing: { permissions: [], allowedIps: '' },
  labels: { description: '', tags: '' },
  ownerId: undefined,
} satisfies Partial<Draft>;

export function bodyOf({ name, isForManagement, choice, date, ...draft }: Draft): CreateKey {
  const { isForService, narrowing, labels, ownerId } = draft;
  const scope = isForService ? 'read' : draft.scope;
  const chosen = narrowing.permissions.filter((each) => isForManagement || isData(each));
  const permissions = isForService ? servicePermissions : chosen;
  const description = labels.description.trim();
  const tags = wordsIn(labels.tags);
  const allowedIps = wordsIn(narrowing.allowedIps);
  return {
    name,
    scope,
    management: isForManagement,
    ...toExpiry(choice, date),
    ...(ownerId !== undefined && { ownerId }),
    ...(permissions.length > 0 && { permissions }),
    ...(allowedIps.length > 0 && { allowedIps }),
    ...(description !== '' && { description }),
    ...(tags.length > 0 && { tags }),
  };
}
