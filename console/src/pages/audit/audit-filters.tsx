import { NativeSelect, TextInput } from '@mantine/core';
import type { AuditSearch } from '../../api/audit';
import { MemberChoice } from '../../components/member-choice';
import { actions } from '../../lib/actions';

interface Props {
  orgId: string;
  search: AuditSearch;
  change: (next: AuditSearch) => void;
}

/** A change begins with the first page. */
export function AuditFilters({ orgId, search, change }: Props) {
  const update = (next: AuditSearch) => {
    change({ ...search, cursor: undefined, ...next });
  };
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
      <MemberChoice
        orgId={orgId}
        label="Who"
        none="Anyone"
        value={search.actor}
        change={(actor) => {
          update({ actor });
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
