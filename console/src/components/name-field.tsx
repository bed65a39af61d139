import { TextInput } from '@mantine/core';

interface Props {
  name: string;
  change: (name: string) => void;
  description?: string;
  /** What is worth knowing, though it is no fault. */
  hint?: string;
  error?: string;
  /** Where the dialog begins. */
  isFirst?: boolean;
}

/** As many characters as the service takes. */
const most = 100;

/** What is wrong with a name, if anything is: one that is too long is refused, and not cut. */
export const nameFault = (name: string): string | undefined => {
  const length = [...name].length;
  return length > most
    ? `A name has at most ${most} characters. This one has ${length}.`
    : undefined;
};

/** A name. */
export function NameField({ name, change, description, hint, error, isFirst = true }: Props) {
  return (
    <TextInput
      label="Name"
      description={
        hint === undefined ? (
          description
        ) : (
          <>
            {description} <span className="near">{hint}</span>
          </>
        )
      }
      required
      data-autofocus={isFirst || undefined}
      autoComplete="off"
      value={name}
      error={nameFault(name) ?? error}
      onChange={({ currentTarget }) => {
        change(currentTarget.value);
      }}
    />
  );
}
