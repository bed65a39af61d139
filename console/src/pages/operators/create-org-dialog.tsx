import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createOrg } from '../../api/orgs';
import { FormDialog } from '../../components/dialog';
import { NameField } from '../../components/name-field';
import { useAttempt } from '../../lib/use-attempt';
import { wordsIn } from '../../lib/words';
import { GrantsField } from './grants-field';

/** What the name makes of a short name, until somebody types another. */
const slugOf = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9\s-]/g, '')
    .trim()
    .replace(/[\s-]+/g, '-')
    .slice(0, 63);

/** Creates an organisation, and goes on to its members: it needs a manager. */
export function CreateOrgDialog({ close }: { close: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [typed, setTyped] = useState<string>();
  const [grants, setGrants] = useState('');
  const [attempt, renewAttempt] = useAttempt();
  const slug = typed ?? slugOf(name);
  const create = useMutation({
    mutationFn: () => createOrg({ name, slug, grants: wordsIn(grants) }, attempt),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['orgs'] });
      await navigate({ to: '/$orgId/configuration/members', params: { orgId: id } });
    },
    onError: renewAttempt,
  });
  return (
    <FormDialog
      title="Create an organisation"
      submit="Create organisation"
      close={close}
      task={create}
    >
      <NameField name={name} change={setName} />
      <TextInput
        label="Short name"
        description="For scripts: lower-case letters, digits and hyphens. It cannot be changed."
        required
        maxLength={63}
        autoComplete="off"
        value={slug}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
        }}
      />
      <GrantsField text={grants} change={setGrants} />
    </FormDialog>
  );
}
