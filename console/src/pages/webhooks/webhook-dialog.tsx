import { Checkbox, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { NewWebhook, Webhook } from '../../api/webhooks';
import { FormDialog } from '../../components/dialog';
import { events as allEvents } from '../../lib/events';
import { useAttempt } from '../../lib/use-attempt';

interface Props<T> {
  title: string;
  submit: string;
  /** What is changed; a new one without it. */
  webhook?: Webhook;
  save: (body: NewWebhook, attempt: string) => Promise<T>;
  saved?: (answer: T) => void;
  close: () => void;
}

const names = Object.keys(allEvents) as (keyof typeof allEvents)[];

/** Asks where a webhook leads and what it is told. */
export function WebhookDialog<T>({ title, submit, webhook, save, saved, close }: Props<T>) {
  const client = useQueryClient();
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [events, setEvents] = useState(webhook?.events ?? null);
  const [attempt, renewAttempt] = useAttempt();
  const task = useMutation({
    mutationFn: () => save({ url: url.trim(), events }, attempt),
    onSuccess: async (answer) => {
      await client.invalidateQueries();
      saved?.(answer);
      close();
    },
    onError: renewAttempt,
  });
  return (
    <FormDialog title={title} submit={submit} close={close} task={task}>
      <TextInput
        label="URL"
        description="An https address of a public host. It is sent a POST for each event."
        type="url"
        required
        maxLength={2_000}
        data-autofocus
        autoComplete="off"
        value={url}
        onChange={({ currentTarget }) => {
          setUrl(currentTarget.value);
        }}
      />
      <Switch
        label="All events, also those to come"
        checked={events === null}
        onChange={({ currentTarget }) => {
          setEvents(currentTarget.checked ? null : names);
        }}
      />
      {events !== null && (
        <Checkbox.Group label="Only these" value={events} onChange={setEvents}>
          <Stack gap={6} mt="xs">
            {names.map((name) => (
              <Checkbox key={name} value={name} label={allEvents[name]} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </FormDialog>
  );
}
