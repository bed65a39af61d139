import { Checkbox, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { NewWebhook, Webhook } from '../../api/webhooks';
import { FormDialog } from '../../components/dialog';
import { events as allEvents } from '../../lib/events';
import { asSaid, faultsOf } from '../../lib/faults';
import { toast } from '../../lib/toasts';
import { useAttempt } from '../../lib/use-attempt';

interface Props<T> {
  title: string;
  submit: string;
  /** What is changed; a new one without it. */
  webhook?: Webhook;
  save: (body: NewWebhook, attempt: string) => Promise<T>;
  saved?: (response: T) => void;
  close: () => void;
}

const names = Object.keys(allEvents) as (keyof typeof allEvents)[];

/** Asks for the URL of a webhook and its events. */
export function WebhookDialog<T>({ title, submit, webhook, save, saved, close }: Props<T>) {
  const client = useQueryClient();
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [events, setEvents] = useState(webhook?.events ?? null);
  const [attempt, renewAttempt] = useAttempt();
  const task = useMutation({
    mutationFn: () => save({ url: url.trim(), events }, attempt),
    onSuccess: async (response) => {
      await client.invalidateQueries();
      if (webhook !== undefined) toast('The webhook is saved');
      saved?.(response);
      close();
    },
    onError: renewAttempt,
  });
  const faults = faultsOf(task.error, { url: asSaid, events: () => 'Choose at least one event.' });
  return (
    <FormDialog title={title} submit={submit} close={close} task={task} failure={faults.rest}>
      <TextInput
        label="URL"
        description="An https URL on a public host. It receives a POST request for each event."
        type="url"
        required
        maxLength={2_000}
        data-autofocus
        autoComplete="off"
        value={url}
        error={faults.of.url}
        onChange={({ currentTarget }) => {
          setUrl(currentTarget.value);
        }}
      />
      <Checkbox
        label="All events, including future ones"
        checked={events === null}
        onChange={({ currentTarget }) => {
          setEvents(currentTarget.checked ? null : names);
        }}
      />
      {events !== null && (
        <Checkbox.Group
          label="Restrict to these events"
          error={faults.of.events}
          value={events}
          onChange={setEvents}
        >
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
