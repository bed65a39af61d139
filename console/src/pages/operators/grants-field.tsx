import { Textarea } from '@mantine/core';

interface Props {
  /** As it is typed. */
  text: string;
  change: (text: string) => void;
}

/** The permissions on the data of the product that an organisation has to give to its members. */
export function GrantsField({ text, change }: Props) {
  return (
    <Textarea
      label="Data permissions"
      description="One in each line, such as telemetry:read. What stands behind the colon is read, write or admin."
      rows={5}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={({ currentTarget }) => {
        change(currentTarget.value);
      }}
    />
  );
}
