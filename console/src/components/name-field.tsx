import { TextInput } from '@mantine/core';

interface Props {
  name: string;
  change: (name: string) => void;
  description?: string;
  error?: string;
  /** Where the dialog begins. */
  isFirst?: boolean;
}

/** A name, as long as the service takes one. */
export function NameField({ name, change, description, error, isFirst = true }: Props) {
  return (
    <TextInput
      label="Name"
      description={description}
      required
      maxLength={100}
      data-autofocus={isFirst || undefined}
      autoComplete="off"
      value={name}
      error={error}
      onChange={({ currentTarget }) => {
        change(currentTarget.value);
      }}
    />
  );
}
