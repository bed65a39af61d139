import { Alert, Group, Radio, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addMember, addServiceAccount, type Member, type MemberStanding } from '../../api/members';
import { signInQuery } from '../../api/session';
import { FormDialog } from '../../components/dialog';
import { NameField, nameFault } from '../../components/name-field';
import { asSaid, faultsOf, type Faults } from '../../lib/faults';
import { toast } from '../../lib/toasts';
import { useAttempt } from '../../lib/use-attempt';
import { StandingFields } from './standing-fields';

interface Person {
  kind: 'person' | 'service';
  email: string;
  name: string;
}

interface Props {
  orgId: string;
  close: () => void;
  /** Called for a person whom no mail tells where to sign in. */
  addedInSilence: (member: Member) => void;
}

/** Adds a person by their e-mail address, or an account that programs have keys of. */
export function AddDialog({ orgId, close, addedInSilence }: Props) {
  const client = useQueryClient();
  const [person, setPerson] = useState<Person>({ kind: 'person', email: '', name: '' });
  const [standing, setStanding] = useState<MemberStanding>({ role: 'member', grants: null });
  const [attempt, renewAttempt] = useAttempt();
  const canMail = useQuery(signInQuery).data?.mailServer === true;
  const { kind, email, name } = person;
  const add = useMutation({
    mutationFn: () =>
      kind === 'person'
        ? addMember(orgId, { email: email.trim(), name, ...standing }, attempt)
        : addServiceAccount(orgId, { name, ...standing }, attempt),
    onSuccess: async (member) => {
      await client.invalidateQueries({ queryKey: ['members', orgId] });
      const isInvited = member.pending && canMail;
      toast(`${member.name} was added.${isInvited ? ' An invitation is on its way.' : ''}`);
      if (member.pending && !canMail) addedInSilence(member);
      else close();
    },
    onError: renewAttempt,
  });
  const faults = faultsOf(add.error, { email: asSaid, name: asSaid });
  return (
    <FormDialog
      title="Add a member"
      submit="Add member"
      disabled={nameFault(name) !== undefined}
      close={close}
      task={add}
      failure={faults.rest}
    >
      <PersonFields person={person} change={setPerson} faults={faults.of} />
      <StandingFields orgId={orgId} standing={standing} change={setStanding} />
    </FormDialog>
  );
}

interface FieldsProps {
  person: Person;
  change: (person: Person) => void;
  faults: Faults['of'];
}

function PersonFields({ person, change, faults }: FieldsProps) {
  return (
    <>
      <Radio.Group
        aria-label="What to add"
        value={person.kind}
        onChange={(kind) => {
          change({ ...person, kind });
        }}
      >
        <Group>
          <Radio value="person" label="Person" />
          <Radio value="service" label="Service account" />
        </Group>
      </Radio.Group>
      {person.kind === 'person' ? (
        <TextInput
          label="E-mail address"
          type="email"
          required
          data-autofocus
          autoComplete="off"
          value={person.email}
          error={faults.email}
          onChange={({ currentTarget }) => {
            change({ ...person, email: currentTarget.value });
          }}
        />
      ) : (
        <Alert color="gray">
          Its keys belong to the organisation. They keep working when the person who created them
          leaves.
        </Alert>
      )}
      <NameField
        name={person.name}
        isFirst={false}
        error={faults.name}
        change={(name) => {
          change({ ...person, name });
        }}
      />
    </>
  );
}
