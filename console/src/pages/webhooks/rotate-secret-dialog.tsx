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
    <FormDialog title="Rotate the secret?" submit="Rotate secret" close={close} task={rotate}>
      <Text>
        For 24 hours, messages are signed with both the new secret and the previous one, so that the
        receiver misses nothing.
      </Text>
    </FormDialog>
  );
}
