import { TextInput } from '@mantine/core';

interface Props {
  value: string;
  change: (reason: string) => void;
}

/** Why somebody revokes keys. */
export function ReasonField({ value, change }: Props) {
  return (
    <TextInput
      label="Reason (optional)"
      description="For the audit log."
      maxLength={200}
      value={value}
      onChange={({ currentTarget }) => {
        change(currentTarget.value);
      }}
    />
  );
}
