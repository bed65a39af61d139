import { Alert, Button, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { changeInstallation, installationQuery } from '../../api/installation';
import { Failure } from '../../components/failure';

/** Asks operators, after an upgrade, to say that no older node is running. */
export function OlderNodes() {
  const client = useQueryClient();
  const installation = useQuery(installationQuery);
  const confirm = useMutation({
    mutationFn: () => changeInstallation({ knowsDataOnlyKeys: true }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['installation'] }),
  });
  if (installation.data?.knowsDataOnlyKeys !== false) return null;
  return (
    <Alert color="yellow" variant="light" title="Are all nodes upgraded?">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          Older nodes do not know data-only keys. Until you confirm that none is running, each new
          data-only key gets a fixed list of permissions, which does not follow later grants.
        </Text>
        {confirm.error && <Failure error={confirm.error} />}
        <Button
          size="xs"
          loading={confirm.isPending}
          onClick={() => {
            confirm.mutate();
          }}
        >
          All nodes are upgraded
        </Button>
      </Stack>
    </Alert>
  );
}
