import { Button, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { keyQuery, type KeySearch } from '../../api/keys';
import { TextFilter } from '../../components/text-filter';
import { states } from '../../lib/words';
import { MoreFilters, moreSet } from './more-filters';

interface Props {
  orgId: string;
  search: KeySearch;
  change: (next: KeySearch) => void;
  /** Whether owners can be chosen. */
  hasOwners: boolean;
}

const orders = {
  'created desc': 'Newest first',
  'created asc': 'Oldest first',
  'name asc': 'By name',
  'expires asc': 'Expiring first',
  'lastUsed desc': 'Last used first',
  'lastUsed asc': 'Unused for longest first',
};

/** Search, filter and order; a change begins with the first page. */
export function KeyFilters({ orgId, search, change, hasOwners }: Props) {
  const { state = '', sort = 'created', order } = search;
  const newestFirst = sort === 'created' || sort === 'lastUsed';
  const creator = useCreator(orgId, search.createdBy);
  const set = moreSet(search);
  const [isOpen, { toggle }] = useDisclosure(set > 0);
  const update = (next: KeySearch) => {
    change({ ...search, cursor: undefined, ...next });
  };
  return (
    <search>
      <div className="toolbar">
        <TextFilter
          label="Search"
          placeholder="Part of a name, mask or id"
          most={100}
          given={search.search}
          change={(next) => {
            update({ search: next });
          }}
        />
        <NativeSelect
          label="State"
          value={state}
          data={[
            { value: '', label: states.active.name },
            { value: 'expired', label: states.expired.name },
            { value: 'revoked', label: states.revoked.name },
            { value: 'all', label: 'All' },
          ]}
          onChange={({ currentTarget: { value } }) => {
            update({ state: value === '' ? undefined : (value as KeySearch['state']) });
          }}
        />
        <NativeSelect
          label="Order"
          value={`${sort} ${order ?? (newestFirst ? 'desc' : 'asc')}`}
          data={Object.entries(orders).map(([value, label]) => ({ value, label }))}
          onChange={({ currentTarget: { value } }) => {
            const [by, direction] = value.split(' ') as [KeySearch['sort'], KeySearch['order']];
            update({ sort: by, order: direction });
          }}
        />
        <Button variant="default" aria-expanded={isOpen} onClick={toggle}>
          {set === 0 ? 'More filters' : `More filters (${set})`}
        </Button>
        {search.createdBy !== undefined && (
          <Button
            variant="light"
            onClick={() => {
              update({ createdBy: undefined });
            }}
          >
            Created by {creator} · Show all
          </Button>
        )}
      </div>
      {isOpen && (
        <MoreFilters orgId={orgId} search={search} update={update} hasOwners={hasOwners} />
      )}
    </search>
  );
}

/** What the key is called; its id for those who do not see it. */
function useCreator(orgId: string, keyId: string | undefined): string | undefined {
  const { data } = useQuery({ ...keyQuery(orgId, keyId ?? ''), enabled: keyId !== undefined });
  return data === undefined ? keyId : `“${data.name}”`;
}
