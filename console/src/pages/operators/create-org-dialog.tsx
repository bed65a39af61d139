import { Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createOrg } from '../../api/orgs';
import { FormDialog } from '../../components/dialog';
import { NameField, nameFault } from '../../components/name-field';
import { toast } from '../../lib/toasts';
import { useAttempt } from '../../lib/use-attempt';
import { wordsIn } from '../../lib/words';
import { grantFaults, GrantsField } from './grants-field';

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
      toast(`${name.trim()} was created`);
      await navigate({ to: '/$orgId/configuration/members', params: { orgId: id } });
    },
    onError: renewAttempt,
  });
  const faults = grantFaults(create.error, grants);
  return (
    <FormDialog
      title="Create an organisation"
      submit="Create organisation"
      close={close}
      task={create}
      disabled={nameFault(name) !== undefined}
      failure={faults.rest}
    >
      <NameField name={name} change={setName} error={faults.of.name} />
      <TextInput
        label="Slug"
        error={faults.of.slug}
        description="Names it in scripts. Lower-case letters, digits and hyphens. It cannot be changed."
        required
        maxLength={63}
        autoComplete="off"
        value={slug}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
        }}
      />
      <GrantsField text={grants} change={setGrants} error={faults.of.grants} />
      {wordsIn(grants).length === 0 && (
        <Text className="minor">
          Without data permissions the keys of the organisation can reach no data. You can add them
          later.
        </Text>
      )}
    </FormDialog>
  );
}
