import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { resumeOrg, suspendOrg, type Org } from '../../api/orgs';
import { toast } from '../../lib/toasts';
import { FormDialog } from '../../components/dialog';

/** Suspends an organisation, or resumes it. */
export function StatusDialog({ org, close }: { org: Org; close: () => void }) {
  const client = useQueryClient();
  const isActive = org.status === 'active';
  const change = useMutation({
    mutationFn: () => (isActive ? suspendOrg(org.id) : resumeOrg(org.id)),
    onSuccess: async () => {
      await client.invalidateQueries();
      toast(`${org.name} is ${isActive ? 'suspended' : 'active again'}`);
      close();
    },
  });
  const verb = isActive ? 'Suspend' : 'Resume';
  return (
    <FormDialog
      title={`${verb} ${org.name}?`}
      submit={verb}
      isDangerous={isActive}
      close={close}
      task={change}
    >
      <Text>
        {isActive
          ? 'All of its keys stop working at once, until it is resumed. Nothing is deleted.'
          : 'Its keys work again at once, except those that are revoked or expired.'}
      </Text>
    </FormDialog>
  );
}
