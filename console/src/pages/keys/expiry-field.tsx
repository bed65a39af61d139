import { Group, NativeSelect, TextInput } from '@mantine/core';
import type { Policy } from '../../api/client';
import { choicesOf, dayFromNow, type ExpiryChoice } from '../../lib/expiry';

interface Props {
  policy: Policy;
  choice: ExpiryChoice;
  change: (choice: ExpiryChoice) => void;
  /** As a date field has it; only for a day of one's choice. */
  date: string;
  changeDate: (date: string) => void;
  error: string | undefined;
}

export function ExpiryField({ policy, choice, change, date, changeDate, error }: Props) {
  const now = new Date();
  return (
    <Group align="flex-start" grow>
      <NativeSelect
        error={choice === 'date' ? undefined : error}
        label="Expiration"
        data={choicesOf(policy)}
        value={choice}
        onChange={({ currentTarget }) => {
          change(currentTarget.value as ExpiryChoice);
        }}
      />
      {choice === 'date' && (
        <TextInput
          label="Last day"
          description="The key works until the end of that day (UTC)."
          type="date"
          required
          min={dayFromNow(0, now)}
          max={dayFromNow(policy.maxLifetimeDays - 1, now)}
          value={date}
          error={error}
          onChange={({ currentTarget }) => {
            changeDate(currentTarget.value);
          }}
        />
      )}
    </Group>
  );
}
