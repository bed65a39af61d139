import { Loader } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldError, type CreateKey, type Policy, type Standing } from '../../api/client';
import { createKey, policyQuery } from '../../api/keys';
import { Dialog, DialogForm } from '../../components/dialog';
import { Failure } from '../../components/failure';
import { NameField } from '../../components/name-field';
import { firstChoice, toExpiry, type ExpiryChoice } from '../../lib/expiry';
import { useAttempt } from '../../lib/use-attempt';
import { wordsIn } from '../../lib/words';
import { ExpiryField } from './expiry-field';
import { MoreLimits, type Narrowing } from './narrow-fields';
import { OwnerField } from './owner-field';
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
    <Dialog title="Create an API key" size="lg" close={props.close}>
      {policy.error && <Failure error={policy.error} retry={() => void policy.refetch()} />}
      {policy.isPending && <Loader aria-label="The policy is loading" />}
      {policy.data && <CreateKeyForm {...props} policy={policy.data} />}
    </Dialog>
  );
}

/** What the fields make of a key. */
interface Draft {
  name: string;
  scope: CreateKey['scope'];
  choice: ExpiryChoice;
  date: string;
  narrowing: Narrowing;
  ownerId: string | undefined;
}

const emptyDraft = {
  name: '',
  scope: 'read',
  date: '',
  narrowing: { permissions: [], allowedIps: '' },
  ownerId: undefined,
} satisfies Partial<Draft>;

function bodyOf({ name, scope, choice, date, narrowing, ownerId }: Draft): CreateKey {
  const { permissions } = narrowing;
  const allowedIps = wordsIn(narrowing.allowedIps);
  return {
    name,
    scope,
    ...toExpiry(choice, date),
    ...(ownerId !== undefined && { ownerId }),
    ...(permissions.length > 0 && { permissions }),
    ...(allowedIps.length > 0 && { allowedIps }),
  };
}

function useCreation({ standing, close, created }: Props, draft: Draft) {
  const client = useQueryClient();
  const [attempt, renewAttempt] = useAttempt();
  return useMutation({
    mutationFn: () => createKey(standing.id, bodyOf(draft), attempt),
    onSuccess: ({ key, secret }) => {
      void client.invalidateQueries({ queryKey: ['keys', standing.id] });
      created({ key, secret });
      close();
    },
    onError: renewAttempt,
  });
}

function CreateKeyForm({ policy, ...props }: Props & { policy: Policy }) {
  const { standing, close } = props;
  const [draft, setDraft] = useState<Draft>(() => ({
    ...emptyDraft,
    choice: firstChoice(policy),
  }));
  const update = (part: Partial<Draft>) => {
    setDraft((last) => ({ ...last, ...part }));
  };
  const create = useCreation(props, draft);
  const { name, scope, choice, date, narrowing, ownerId } = draft;
  return (
    <DialogForm submit="Create key" close={close} task={create}>
      <NameField
        name={name}
        description="The program and where it runs, such as “Claude Desktop – Work Laptop”."
        error={fieldError(create.error, 'name')}
        change={(next) => {
          update({ name: next });
        }}
      />
      <ScopeField
        scope={scope}
        change={(next) => {
          update({ scope: next });
        }}
      />
      <ExpiryField
        policy={policy}
        choice={choice}
        change={(next) => {
          update({ choice: next });
        }}
        date={date}
        changeDate={(next) => {
          update({ date: next });
        }}
        error={fieldError(create.error, 'expiresAt')}
      />
      {standing.permissions.includes('members:read') && (
        <OwnerField
          orgId={standing.id}
          ownerId={ownerId}
          change={(next) => {
            update({ ownerId: next });
          }}
        />
      )}
      <MoreLimits
        permissions={standing.permissions}
        scope={scope}
        narrowing={narrowing}
        change={(next) => {
          update({ narrowing: next });
        }}
        error={fieldError(create.error, 'allowedIps')}
      />
    </DialogForm>
  );
}
