import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isNotFound } from '../../api/client';
import { changeWebhook, pingWebhook, webhookQuery, type Webhook } from '../../api/webhooks';
import { AnchorLink } from '../../components/anchor-link';
import { Facts } from '../../components/facts';
import { Failure } from '../../components/failure';
import { NotFound } from '../../components/full-page';
import { Heading } from '../../components/heading';
import { Loading } from '../../components/loading';
import { OrgPage } from '../../components/org-page';
import { When } from '../../components/when';
import { eventsOf } from '../../lib/events';
import { toast } from '../../lib/toasts';
import { Deliveries } from './deliveries';
import { RemoveWebhookDialog } from './remove-webhook-dialog';
import { RotateSecretDialog } from './rotate-secret-dialog';
import { WebhookDialog } from './webhook-dialog';

export function WebhookPage() {
  const { orgId, webhookId } = useParams({
    from: '/signed-in/$orgId/configuration/webhooks/$webhookId',
  });
  return (
    <OrgPage orgId={orgId} title="Webhook" permission="webhooks:read" what="its webhooks">
      {() => <Loaded orgId={orgId} webhookId={webhookId} />}
    </OrgPage>
  );
}

function Loaded({ orgId, webhookId }: { orgId: string; webhookId: string }) {
  const webhook = useQuery(webhookQuery(orgId, webhookId));
  if (isNotFound(webhook.error)) return <NotFound />;
  return (
    <Stack gap="lg">
      {webhook.error && <Failure error={webhook.error} retry={() => void webhook.refetch()} />}
      {webhook.isPending && <Loading label="The webhook is loading" />}
      {webhook.data && (
        <>
          <Top webhook={webhook.data} />
          <Facts
            title="Webhook"
            facts={[
              ['Events', eventsOf(webhook.data.events)],
              ['Created', <When at={webhook.data.createdAt} as="date" />],
            ]}
          />
          <Deliveries webhook={webhook.data} />
        </>
      )}
    </Stack>
  );
}

/** The webhook, and what can be done with it. */
function Top({ webhook }: { webhook: Webhook }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'change' | 'rotate' | 'remove'>();
  const ping = useMutation({
    mutationFn: () => pingWebhook(webhook),
    onSuccess: () => {
      toast('A test event is on its way');
      return client.invalidateQueries({ queryKey: ['deliveries'] });
    },
  });
  const close = () => {
    setDialog(undefined);
  };
  const opener = (which: typeof dialog, name: string) => (
    <Button
      variant="default"
      className={which === 'remove' ? 'danger-button' : undefined}
      onClick={() => {
        setDialog(which);
      }}
    >
      {name}
    </Button>
  );
  const { orgId } = webhook;
  return (
    <>
      <Heading
        title={webhook.url}
        text="Receives a signed message for each event."
        parent={
          <AnchorLink to="/$orgId/configuration/webhooks" params={{ orgId }}>
            Webhooks
          </AnchorLink>
        }
      >
        <Group gap="xs">
          <Button
            variant="default"
            loading={ping.isPending}
            onClick={() => {
              ping.mutate();
            }}
          >
            Send test event
          </Button>
          {opener('change', 'Change')}
          {opener('rotate', 'Rotate secret')}
          {opener('remove', 'Remove')}
        </Group>
      </Heading>
      {ping.error && <Failure error={ping.error} />}
      {dialog === 'change' && (
        <WebhookDialog
          title="Change the webhook"
          submit="Save"
          webhook={webhook}
          save={(body) => changeWebhook(webhook, body)}
          close={close}
        />
      )}
      {dialog === 'rotate' && <RotateSecretDialog webhook={webhook} close={close} />}
      {dialog === 'remove' && (
        <RemoveWebhookDialog
          webhook={webhook}
          close={close}
          removed={() => void navigate({ to: '/$orgId/configuration/webhooks', params: { orgId } })}
        />
      )}
    </>
  );
}
