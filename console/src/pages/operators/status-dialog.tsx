import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { resumeOrg, suspendOrg, type Org } from '../../api/orgs';
import { FormDialog } from '../../components/dialog';

/** Suspends an organisation, or resumes it. */
export function StatusDialog({ org, close }: { org: Org; close: () => void }) {
  const client = useQueryClient();
  const isActive = org.status === 'active';
  const change = useMutation({
    mutationFn: () => (isActive ? suspendOrg(org.id) : resumeOrg(org.id)),
    onSuccess: async () => {
      await client.invalidateQueries();
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
          ? 'All of its keys stop working at once, until it is resumed. Nothing is lost.'
          : 'Its keys work again at once, but for those that were revoked or have expired.'}
      </Text>
    </FormDialog>
  );
}
