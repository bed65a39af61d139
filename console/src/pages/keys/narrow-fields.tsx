import { Button, Checkbox, Collapse, Stack, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { CreateKey } from '../../api/client';
import { isCovered } from '../../lib/words';

export interface Narrowing {
  /** Empty is all that the scope covers. */
  permissions: string[];
  /** As it was typed; empty is everywhere. */
  allowedIps: string;
}

interface Props {
  /** What there is to choose from, as far as the scope covers it. */
  permissions: string[];
  /** The key has these and no others already. */
  hasList?: boolean;
  scope: CreateKey['scope'];
  narrowing: Narrowing;
  change: (narrowing: Narrowing) => void;
  error: string | undefined;
}

/** Limits that most keys do without. */
export function NarrowFields(props: Props) {
  const { permissions: all, hasList = false, scope, narrowing, change, error } = props;
  const possible = all.filter((each) => isCovered(each, scope));
  return (
    <>
      <Checkbox.Group
        label="Only these permissions"
        description={
          hasList
            ? 'What is not marked is taken away.'
            : 'All that the choice above covers when none is marked.'
        }
        value={narrowing.permissions.filter((each) => possible.includes(each))}
        onChange={(permissions) => {
          change({ ...narrowing, permissions });
        }}
      >
        <Stack gap={6} mt="xs">
          {possible.map((each) => (
            <Checkbox key={each} value={each} label={each} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Textarea
        label="Only from these addresses"
        description="Addresses or CIDR ranges, such as 192.0.2.0/24. Everywhere when empty."
        autoComplete="off"
        value={narrowing.allowedIps}
        error={error}
        onChange={({ currentTarget }) => {
          change({ ...narrowing, allowedIps: currentTarget.value });
        }}
      />
    </>
  );
}

/** The same, behind a button. */
export function MoreLimits(props: Props) {
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <Stack gap="sm" align="stretch">
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        aria-expanded={isOpen}
        onClick={toggle}
      >
        Narrow it further
      </Button>
      <Collapse expanded={isOpen}>
        <Stack>
          <NarrowFields {...props} />
        </Stack>
      </Collapse>
    </Stack>
  );
}
