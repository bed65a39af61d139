import { Loader } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { Policy, Standing } from '../../api/client';
import { useAppearance } from '../../api/installation';
import { createKey, keysQuery, policyQuery } from '../../api/keys';
import { Dialog, DialogForm } from '../../components/dialog';
import { Failure } from '../../components/failure';
import { NameField, nameFault } from '../../components/name-field';
import { firstChoice } from '../../lib/expiry';
import { isData } from '../../lib/permissions';
import { useAttempt } from '../../lib/use-attempt';
import { AccessFields } from './access-fields';
import { AdvancedFields } from './advanced-fields';
import { ExpiryField } from './expiry-field';
import { keyFaults } from './key-faults';
import { areLabelsWrong } from './label-fields';
import { whyNothing } from './management-field';
import { bodyOf, emptyDraft, type Draft } from './new-key';
import { OwnerField } from './owner-field';
import type { Created } from './secret-dialog';
import { servicePermissions, useServiceKeyPolicy } from './service-field';

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
    isForManagement: standing.kind === 'operator',
    choice: firstChoice(policy),
  }));
  const update = (part: Partial<Draft>) => {
    setDraft((last) => ({ ...last, ...part }));
  };
  const create = useCreation(props, draft);
  const { name, scope, isForManagement, isForService, choice, date, ownerId } = draft;
  const { of, rest } = keyFaults(create.error, bodyOf(draft));
  const twin = useTwin(standing.id, name);
  const rules = useServiceKeyPolicy(policy, isForService);
  const { scopes } = useAppearance();
  const isForNothing = !isForManagement && whyNothing(standing, scope, scopes) !== undefined;
  return (
    <DialogForm
      submit="Create key"
      disabled={isForNothing || nameFault(name) !== undefined || areLabelsWrong(draft.labels)}
      close={close}
      task={create}
      failure={rest}
    >
      <NameField
        name={name}
        description="The program and where it runs, such as “Claude Desktop – Work Laptop”."
        hint={twin}
        error={of.name}
        change={(next) => {
          update({ name: next });
        }}
      />
      <AccessFields
        standing={standing}
        scope={scope}
        isForManagement={isForManagement}
        isForService={isForService}
        change={update}
      />
      <ExpiryField
        policy={rules}
        choice={choice}
        change={(next) => {
          update({ choice: next });
        }}
        date={date}
        changeDate={(next) => {
          update({ date: next });
        }}
        error={of.expiresAt ?? of.expiresInDays}
      />
      {standing.permissions.includes('members:read') && (
        <OwnerField
          orgId={standing.id}
          ownerId={ownerId}
          error={of.ownerId}
          change={(next) => {
            update({ ownerId: next });
          }}
        />
      )}
      <AdvancedFields
        permissions={
          isForService
            ? servicePermissions
            : standing.permissions.filter((each) => isForManagement || isData(each))
        }
        draft={draft}
        change={update}
        faults={of}
      />
    </DialogForm>
  );
}

/** Says that there is an active key of the same name already, which is allowed and seldom meant. */
function useTwin(orgId: string, name: string): string | undefined {
  const [settled] = useDebouncedValue(name.trim(), 300);
  const { data } = useQuery({
    ...keysQuery(orgId, { search: settled, sort: 'name' }),
    enabled: settled !== '' && nameFault(settled) === undefined,
    refetchInterval: false,
  });
  const same = (other: string) => other.toLowerCase() === settled.toLowerCase();
  const isTaken = settled === name.trim() && data?.items.some((key) => same(key.name)) === true;
  return isTaken ? 'There is an active key with this name already.' : undefined;
}
