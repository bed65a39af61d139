import { Radio, Stack } from '@mantine/core';
import type { CreateKey } from '../../api/client';
import { scopes } from '../../lib/words';

interface Props {
  scope: CreateKey['scope'];
  change: (scope: CreateKey['scope']) => void;
}

export function ScopeField({ scope, change }: Props) {
  return (
    <Radio.Group
      label="What it may do"
      description="The least that is enough. A key never does more than its owner may."
      value={scope}
      onChange={(value) => {
        change(value);
      }}
    >
      <Stack gap="xs" mt="xs">
        {Object.entries(scopes).map(([value, { name, meaning }]) => (
          <Radio key={value} value={value} label={name} description={meaning} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
