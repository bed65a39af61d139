import { Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { rotateSecret, type Webhook } from '../../api/webhooks';
import { FormDialog } from '../../components/dialog';
import { useAttempt } from '../../lib/use-attempt';
import { WebhookSecretDialog } from './webhook-secret-dialog';

/** Sets a new secret, and shows it once. */
export function RotateSecretDialog({ webhook, close }: { webhook: Webhook; close: () => void }) {
  const [attempt, renewAttempt] = useAttempt();
  const rotate = useMutation({
    mutationFn: () => rotateSecret(webhook, attempt),
    onError: renewAttempt,
  });
  if (rotate.data) return <WebhookSecretDialog secret={rotate.data.secret} close={close} />;
  return (
    <FormDialog title="Set a new secret?" submit="Set a new secret" close={close} task={rotate}>
      <Text>
        For 24 hours messages are signed with both, the new secret and the one before it, so that
        the receiver misses nothing meanwhile.
      </Text>
    </FormDialog>
  );
}
