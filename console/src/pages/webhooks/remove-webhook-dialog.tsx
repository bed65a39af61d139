import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { removeWebhook, type Webhook } from '../../api/webhooks';
import { toast } from '../../lib/toasts';
import { FormDialog } from '../../components/dialog';

interface Props {
  webhook: Webhook;
  close: () => void;
  removed: () => void;
}

export function RemoveWebhookDialog({ webhook, close, removed }: Props) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeWebhook(webhook),
    onSuccess: () => {
      client.removeQueries({ queryKey: ['webhooks'] });
      toast('The webhook was removed');
      removed();
      client.removeQueries({ queryKey: ['webhook', webhook.orgId, webhook.id] });
    },
  });
  return (
    <FormDialog title="Remove the webhook?" submit="Remove" isDangerous close={close} task={remove}>
      <Text>Messages that have not been sent yet are dropped. This cannot be undone.</Text>
    </FormDialog>
  );
}
