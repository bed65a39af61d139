import { Describes, Count, IdOf, Instant, OneOf, Optional, Tag, Text } from '../common/fields.js';
import type { KeyId, UserId } from '../common/ids.js';
import { CountedQuery } from '../common/page.js';
import { countedPageOf, without } from '../common/views.js';
import { scopes, type Scope } from '../permissions/permission.js';
import { keyStates, type KeyState } from './key-state.js';
import { KeyView } from './key.view.js';

const keySorts = ['created', 'name', 'expires', 'lastUsed'] as const;
export type KeySort = (typeof keySorts)[number];

/** Filters of the list of keys, which are combined with AND, its order and the page. */
export class ListKeys extends CountedQuery {
  @Optional()
  @OneOf(keyStates)
  state?: KeyState;

  @Optional()
  @IdOf('usr', 'Only keys of this member.')
  owner?: UserId;

  @Optional()
  @IdOf('key', 'Only keys that were created with this key.')
  createdBy?: KeyId;

  @Optional()
  @OneOf(scopes)
  scope?: Scope;

  @Optional()
  @Tag('Only keys with this tag, in any letter case.')
  tag?: string;

  @Optional()
  @Text(
    100,
    'A part of the name, in any letter case; or the id of the key, its mask, or the first or the last ' +
      'four characters of its secret.',
  )
  search?: string;

  @Optional()
  @Instant('Only keys that were created at this instant or later.')
  createdAfter?: Date;

  @Optional()
  @Instant('Only keys that were created before.')
  createdBefore?: Date;

  @Optional()
  @Instant(
    'Only keys that have not been used since. Those that were never used count from their creation.',
  )
  lastUsedBefore?: Date;

  @Optional()
  @Instant('Only keys that expire before, or have.')
  expiresBefore?: Date;

  @Optional()
  @OneOf(keySorts, 'By default `created`. By `lastUsed`, keys that were never used are the oldest.')
  sort?: KeySort;

  @Optional()
  @OneOf(
    ['asc', 'desc'],
    'By default newest first for `created` and `lastUsed`, otherwise ascending.',
  )
  order?: 'asc' | 'desc';
}

/** The filters alone. */
export class KeyFilters extends without(ListKeys, 'limit', 'cursor', 'sort', 'order', 'total') {}

export const KeyPage = countedPageOf(KeyView);

const manyKeys = '100,000 means that many or more.';

/** How many keys there are. */
@Describes({
  id: 'KeySummary',
  example: { active: 41, expired: 3, revoked: 12, expiringSoon: 2, neverUsed: 5, unused: 4 },
})
export class KeySummary {
  @Count(`Active keys. ${manyKeys}`)
  active!: number;

  @Count(`Keys that have expired. ${manyKeys}`)
  expired!: number;

  @Count(`Revoked keys. ${manyKeys}`)
  revoked!: number;

  @Count('Of those active ones that are counted, how many expire within 30 days.')
  expiringSoon!: number;

  @Count('How many of them were never used.')
  neverUsed!: number;

  @Count(
    'How many of them have not been used for 90 days. Those that were never used count from their ' +
      'creation.',
  )
  unused!: number;
}
