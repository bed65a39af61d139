import { Button, Group, Loader, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, type CreateKey, type Policy, type Standing } from '../../api/client';
import { createKey, policyQuery } from '../../api/keys';
import { Failure } from '../../components/failure';
import { firstChoice, toExpiry, type ExpiryChoice } from '../../lib/expiry';
import { ExpiryField } from './expiry-field';
import { NarrowFields, type Narrowing } from './narrow-fields';
import { ScopeField } from './scope-field';
import type { Created } from './secret-dialog';

interface Props {
  standing: Standing;
  close: () => void;
  created: (created: Created) => void;
}

export function CreateKeyDialog(props: Props) {
  const policy = useQuery(policyQuery(props.standing.id));
  return (
    <Modal
      opened
      onClose={props.close}
      title="Create an API key"
      size="lg"
      lockScroll={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {policy.error && <Failure error={policy.error} retry={() => void policy.refetch()} />}
      {policy.isPending && <Loader aria-label="The policy is loading" />}
      {policy.data && <CreateKeyForm {...props} policy={policy.data} />}
    </Modal>
  );
}

/** What is wrong with a field, as the service says it. */
function errorOf(error: Error | null, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.problem.errors?.find(({ path }) => path.split('.')[0] === field)?.message;
}

/** What the fields make of a key. */
interface Draft {
  name: string;
  scope: CreateKey['scope'];
  choice: ExpiryChoice;
  date: string;
  narrowing: Narrowing;
}

function bodyOf({ name, scope, choice, date, narrowing }: Draft): CreateKey {
  const { permissions } = narrowing;
  const allowedIps = narrowing.allowedIps.split(/[\s,]+/).filter((each) => each !== '');
  return {
    name,
    scope,
    ...toExpiry(choice, date),
    ...(permissions.length > 0 && { permissions }),
    ...(allowedIps.length > 0 && { allowedIps }),
  };
}

function useCreation({ standing, close, created }: Props) {
  const client = useQueryClient();
  // The same for each try: when an answer is lost, trying again makes no second key.
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());
  return useMutation({
    mutationFn: (draft: Draft) => createKey(standing.id, bodyOf(draft), attempt),
    onSuccess: ({ key, secret }) => {
      void client.invalidateQueries({ queryKey: ['keys', standing.id] });
      created({ key, secret });
      close();
    },
    onError: (error) => {
      // What was refused is another key the next time.
      if (error instanceof ApiError && [400, 403, 422].includes(error.problem.status)) {
        setAttempt(crypto.randomUUID());
      }
    },
  });
}

function CreateKeyForm({ policy, ...props }: Props & { policy: Policy }) {
  const { standing, close } = props;
  const [name, setName] = useState('');
  const [scope, setScope] = useState<CreateKey['scope']>('read');
  const [choice, setChoice] = useState<ExpiryChoice>(() => firstChoice(policy));
  const [date, setDate] = useState('');
  const [narrowing, setNarrowing] = useState<Narrowing>({ permissions: [], allowedIps: '' });
  const create = useCreation(props);
  const { error } = create;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate({ name, scope, choice, date, narrowing });
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          description="The program and where it runs, such as “Claude Desktop – Work Laptop”."
          required
          maxLength={100}
          data-autofocus
          autoComplete="off"
          value={name}
          error={errorOf(error, 'name')}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value);
          }}
        />
        <ScopeField scope={scope} change={setScope} />
        <ExpiryField
          policy={policy}
          choice={choice}
          change={setChoice}
          date={date}
          changeDate={setDate}
          error={errorOf(error, 'expiresAt')}
        />
        <NarrowFields
          standing={standing}
          scope={scope}
          narrowing={narrowing}
          change={setNarrowing}
          error={errorOf(error, 'allowedIps')}
        />
        {error && <Failure error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
