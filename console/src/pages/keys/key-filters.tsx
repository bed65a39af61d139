import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { KeySearch } from '../../api/keys';
import { states } from '../../lib/words';

interface Props {
  search: KeySearch;
  change: (next: KeySearch) => void;
}

const orders = {
  'created desc': 'Newest first',
  'created asc': 'Oldest first',
  'name asc': 'By name',
  'expires asc': 'Expiring first',
};

/** Search, filter and order; a change begins with the first page. */
export function KeyFilters({ search, change }: Props) {
  const { search: given = '', state = '', sort = 'created', order } = search;
  const [text, setText] = useState(given);
  const update = (next: KeySearch) => {
    change({ ...search, cursor: undefined, ...next });
  };
  const updateText = useDebouncedCallback((next: string) => {
    update({ search: next.trim() === '' ? undefined : next.trim() });
  }, 300);
  return (
    <search className="toolbar">
      <TextInput
        label="Search"
        placeholder="Beginning of the name"
        type="search"
        maxLength={100}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          updateText(value);
        }}
      />
      <NativeSelect
        label="State"
        value={state}
        data={[
          { value: '', label: 'All' },
          ...Object.entries(states).map(([value, { name }]) => ({ value, label: name })),
        ]}
        onChange={({ currentTarget: { value } }) => {
          update({ state: value === '' ? undefined : (value as KeySearch['state']) });
        }}
      />
      <NativeSelect
        label="Order"
        value={`${sort} ${order ?? (sort === 'created' ? 'desc' : 'asc')}`}
        data={Object.entries(orders).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget: { value } }) => {
          const [by, direction] = value.split(' ') as [KeySearch['sort'], KeySearch['order']];
          update({ sort: by, order: direction });
        }}
      />
    </search>
  );
}
