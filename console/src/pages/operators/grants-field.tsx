import { Checkbox, Stack, Text, Textarea } from '@mantine/core';
import { usePermissionTexts } from '../../api/installation';
import { asSaid, faultsOf, type Faults } from '../../lib/faults';
import { wordsIn } from '../../lib/words';

interface Props {
  /** As it is typed, or a chosen one on each line. */
  text: string;
  change: (text: string) => void;
  error: string | undefined;
}

/**
 * The permissions on the data of the product that an organisation has to give to its members: those that
 * operators have described. Until there are any, they are typed.
 */
export function GrantsField(props: Props) {
  const texts = usePermissionTexts();
  return texts.size === 0 ? <TypedGrants {...props} /> : <ChosenGrants {...props} texts={texts} />;
}

function TypedGrants({ text, change, error }: Props) {
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

function ChosenGrants({
  text,
  change,
  error,
  texts,
}: Props & { texts: ReturnType<typeof usePermissionTexts> }) {
  const chosen = wordsIn(text);
  return (
    <Checkbox.Group
      label="Data permissions"
      value={chosen}
      error={error}
      onChange={(next) => {
        change(next.join('\n'));
      }}
    >
      <Stack gap={6} mt="xs">
        {[...new Set([...texts.keys(), ...chosen])].map((each) => (
          <Checkbox key={each} value={each} label={each} description={texts.get(each)} />
        ))}
        <Text className="minor">Others are added where data permissions are described.</Text>
      </Stack>
    </Checkbox.Group>
  );
}

/** What is wrong with the fields of an organisation, in words for people. */
export const grantFaults = (error: Error | null, text: string): Faults =>
  faultsOf(error, {
    name: asSaid,
    slug: asSaid,
    grants: (message, index) => permissionFault(wordsIn(text)[index] ?? '', message),
  });

/** What is wrong with a permission that somebody typed. */
export const permissionFault = (typed: string, message: string): string =>
  /resource:action/.test(message)
    ? `“${typed}” is not a permission. Write resource:action, such as telemetry:read.`
    : `“${typed}”: ${message}`;
