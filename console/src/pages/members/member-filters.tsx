import { NativeSelect, Text } from '@mantine/core';
import type { MemberSearch } from '../../api/members';
import { TextFilter } from '../../components/text-filter';
import { shownCount } from '../../lib/words';

interface Props {
  search: MemberSearch;
  change: (next: MemberSearch) => void;
  /** How many members match. */
  total: number | undefined;
}

/** A change begins with the first page. */
export function MemberFilters({ search, change, total }: Props) {
  const update = (next: MemberSearch) => {
    change({ ...search, cursor: undefined, ...next });
  };
  return (
    <search className="toolbar">
      <TextFilter
        label="Search"
        placeholder="Part of a name or e-mail address"
        most={100}
        given={search.search}
        change={(next) => {
          update({ search: next });
        }}
      />
      <NativeSelect
        label="Role"
        value={search.role ?? ''}
        data={[
          { value: '', label: 'Any' },
          { value: 'manager', label: 'Manager' },
          { value: 'member', label: 'Member' },
        ]}
        onChange={({ currentTarget: { value } }) => {
          update({ role: value === '' ? undefined : (value as MemberSearch['role']) });
        }}
      />
      {total !== undefined && (
        <Text c="dimmed" role="status" className="total">
          {total === 1 ? '1 member' : `${shownCount(total)} members`}
        </Text>
      )}
    </search>
  );
}
