import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AuditSearch } from '../../api/audit';
import { membersQuery } from '../../api/members';
import { actions } from '../../lib/actions';

interface Props {
  orgId: string;
  search: AuditSearch;
  change: (next: AuditSearch) => void;
}

/** A change begins with the first page. */
export function AuditFilters({ orgId, search, change }: Props) {
  const members = useQuery(membersQuery(orgId));
  const update = (next: AuditSearch) => {
    change({ ...search, cursor: undefined, ...next });
  };
  const people = members.data?.items.map(({ userId, name }) => ({ value: userId, label: name }));
  return (
    <search className="toolbar">
      <NativeSelect
        label="What"
        value={search.action ?? ''}
        data={[
          { value: '', label: 'Everything' },
          ...Object.entries(actions).map(([value, label]) => ({ value, label })),
        ]}
        onChange={({ currentTarget: { value } }) => {
          update({ action: value === '' ? undefined : (value as AuditSearch['action']) });
        }}
      />
      <NativeSelect
        label="Who"
        value={search.actor ?? ''}
        data={[{ value: '', label: 'Everybody' }, ...(people ?? [])]}
        onChange={({ currentTarget: { value } }) => {
          update({ actor: value === '' ? undefined : value });
        }}
      />
      {(['from', 'to'] as const).map((name) => (
        <TextInput
          key={name}
          type="date"
          label={name === 'from' ? 'From (UTC)' : 'Up to (UTC)'}
          value={search[name] ?? ''}
          onChange={({ currentTarget: { value } }) => {
            update({ [name]: value === '' ? undefined : value });
          }}
        />
      ))}
    </search>
  );
}
