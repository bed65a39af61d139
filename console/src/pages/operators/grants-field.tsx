import { Textarea } from '@mantine/core';
import { asSaid, faultsOf, type Faults } from '../../lib/faults';
import { wordsIn } from '../../lib/words';

interface Props {
  /** As it is typed. */
  text: string;
  change: (text: string) => void;
  error: string | undefined;
}

/** The permissions on the data of the product that an organisation has to give to its members. */
export function GrantsField({ text, change, error }: Props) {
  return (
    <Textarea
      label="Data permissions"
      description="One on each line, such as telemetry:read. After the colon: read, write or admin."
      rows={5}
      autoComplete="off"
      spellCheck={false}
      value={text}
      error={error}
      onChange={({ currentTarget }) => {
        change(currentTarget.value);
      }}
    />
  );
}

/** What is wrong with the fields of an organisation, in words for people. */
export const grantFaults = (error: Error | null, text: string): Faults =>
  faultsOf(error, {
    name: asSaid,
    slug: asSaid,
    grants: (message, index) => {
      const wrong = wordsIn(text)[index] ?? '';
      return /resource:action/.test(message)
        ? `“${wrong}” is not a permission. Write resource:action, such as telemetry:read.`
        : `“${wrong}”: ${message}`;
    },
  });
