import { Radio, Stack } from '@mantine/core';
import type { CreateKey } from '../../api/client';
import { useAppearance } from '../../api/installation';

interface Props {
  scope: CreateKey['scope'];
  /** The widest one to choose from. */
  most?: CreateKey['scope'];
  change: (scope: CreateKey['scope']) => void;
}

const all: CreateKey['scope'][] = ['read', 'read-write', 'admin'];

export function ScopeField({ scope, most = 'admin', change }: Props) {
  const { scopes } = useAppearance();
  return (
    <Radio.Group
      label="Access"
      description="Choose the least that is enough. A key can never do more than its owner."
      value={scope}
      onChange={(value) => {
        change(value);
      }}
    >
      <Stack gap="xs" mt="xs">
        {all.slice(0, all.indexOf(most) + 1).map((each) => (
          <Radio
            key={each}
            value={each}
            label={scopes[each].name}
            description={scopes[each].meaning}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
