import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';

interface Props {
  label: string;
  placeholder?: string;
  most: number;
  given: string | undefined;
  change: (next: string | undefined) => void;
}

/** A filter that people type. It is asked for when they pause. */
export function TextFilter({ label, placeholder, most, given = '', change }: Props) {
  const [text, setText] = useState(given);
  const settle = useDebouncedCallback((next: string) => {
    change(next.trim() === '' ? undefined : next.trim());
  }, 300);
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      type="search"
      maxLength={most}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        settle(value);
      }}
    />
  );
}
