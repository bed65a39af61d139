import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Faults } from '../../lib/faults';
import { LabelFields } from './label-fields';
import { NarrowFields } from './narrow-fields';
import type { Draft } from './new-key';

interface Props {
  /** What there is to choose from. */
  permissions: string[];
  draft: Draft;
  change: (part: Pick<Partial<Draft>, 'narrowing' | 'labels'>) => void;
  faults: Faults['of'];
}

/** What most keys do without, behind a button. */
export function AdvancedFields({ permissions, draft, change, faults }: Props) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const isWrong = [faults.allowedIps, faults.description, faults.tags].some(
    (each) => each !== undefined,
  );
  return (
    <Stack gap="sm" align="stretch">
      <Button variant="default" size="xs" w="fit-content" aria-expanded={isOpen} onClick={toggle}>
        Advanced
      </Button>
      {(isOpen || isWrong) && (
        <>
          <LabelFields
            labels={draft.labels}
            change={(labels) => {
              change({ labels });
            }}
            faults={faults}
          />
          <NarrowFields
            permissions={permissions}
            scope={draft.scope}
            narrowing={draft.narrowing}
            change={(narrowing) => {
              change({ narrowing });
            }}
            error={faults.allowedIps}
          />
        </>
      )}
    </Stack>
  );
}
