import { Alert, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addMember, addServiceAccount, type MemberStanding } from '../../api/members';
import { FormDialog } from '../../components/dialog';
import { NameField } from '../../components/name-field';
import { useAttempt } from '../../lib/use-attempt';
import { StandingFields } from './standing-fields';

interface Person {
  kind: 'person' | 'service';
  email: string;
  name: string;
}

/** Adds a person by their e-mail address, or an account that programs have keys of. */
export function AddDialog({ orgId, close }: { orgId: string; close: () => void }) {
  const client = useQueryClient();
  const [person, setPerson] = useState<Person>({ kind: 'person', email: '', name: '' });
  const [standing, setStanding] = useState<MemberStanding>({ role: 'member', grants: null });
  const [attempt, renewAttempt] = useAttempt();
  const { kind, email, name } = person;
  const add = useMutation({
    mutationFn: () =>
      kind === 'person'
        ? addMember(orgId, { email: email.trim(), name, ...standing }, attempt)
        : addServiceAccount(orgId, { name, ...standing }, attempt),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['members', orgId] });
      close();
    },
    onError: renewAttempt,
  });
  return (
    <FormDialog title="Add to the organisation" submit="Add" close={close} task={add}>
      <PersonFields person={person} change={setPerson} />
      <StandingFields orgId={orgId} standing={standing} change={setStanding} />
    </FormDialog>
  );
}

interface FieldsProps {
  person: Person;
  change: (person: Person) => void;
}

function PersonFields({ person, change }: FieldsProps) {
  return (
    <>
      <SegmentedControl
        aria-label="What to add"
        value={person.kind}
        data={[
          { value: 'person', label: 'Person' },
          { value: 'service', label: 'Service account' },
        ]}
        onChange={(kind) => {
          change({ ...person, kind });
        }}
      />
      {person.kind === 'person' ? (
        <TextInput
          label="E-mail address"
          type="email"
          required
          autoComplete="off"
          value={person.email}
          onChange={({ currentTarget }) => {
            change({ ...person, email: currentTarget.value });
          }}
        />
      ) : (
        <Alert color="gray">
          Its keys belong to the organisation, and outlive whoever made them.
        </Alert>
      )}
      <NameField
        name={person.name}
        isFirst={false}
        change={(name) => {
          change({ ...person, name });
        }}
      />
    </>
  );
}
