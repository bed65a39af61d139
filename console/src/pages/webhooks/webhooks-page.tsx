import { Button, Stack, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Standing } from '../../api/client';
import { createWebhook, webhooksQuery, type Webhook } from '../../api/webhooks';
import { AnchorLink } from '../../components/anchor-link';
import { Heading } from '../../components/heading';
import { Listing } from '../../components/listing';
import { Nothing } from '../../components/nothing';
import { OrgPage } from '../../components/org-page';
import { Rows } from '../../components/rows';
import { When } from '../../components/when';
import { eventsOf } from '../../lib/events';
import { WebhookDialog } from './webhook-dialog';
import { WebhookSecretDialog } from './webhook-secret-dialog';

export function WebhooksPage() {
  const { orgId } = useParams({ from: '/signed-in/$orgId/configuration/webhooks' });
  return (
    <OrgPage orgId={orgId} title="Webhooks" permission="webhooks:read" what="its webhooks">
      {(standing) => <Webhooks standing={standing} />}
    </OrgPage>
  );
}

function Webhooks({ standing }: { standing: Standing }) {
  const [isCreating, creation] = useDisclosure();
  const [created, setCreated] = useState<{ secret?: string }>();
  const webhooks = useQuery(webhooksQuery(standing.id));
  return (
    <Stack gap="lg">
      <Heading
        title="Webhooks"
        text={`Programs that are told what happens in ${standing.name}, as soon as it happens.`}
      >
        <Button onClick={creation.open}>Create webhook</Button>
      </Heading>
      <Listing
        label="Webhooks"
        query={webhooks}
        empty={
          <Nothing title="No webhooks yet">
            A webhook is sent a signed message when a key is created, revoked, or about to expire.
          </Nothing>
        }
      >
        {(items) => <WebhookTable webhooks={items} />}
      </Listing>
      {isCreating && (
        <WebhookDialog
          title="Create a webhook"
          submit="Create webhook"
          save={(body, attempt) => createWebhook(standing.id, body, attempt)}
          saved={setCreated}
          close={creation.close}
        />
      )}
      {created && (
        <WebhookSecretDialog
          secret={created.secret}
          close={() => {
            setCreated(undefined);
          }}
        />
      )}
    </Stack>
  );
}

function WebhookTable({ webhooks }: { webhooks: Webhook[] }) {
  return (
    <Rows titles={['URL', 'Events', 'Created']}>
      {webhooks.map(({ id, orgId, url, events, createdAt }) => (
        <Table.Tr key={id}>
          <Table.Td className="name" data-label="URL">
            <AnchorLink
              fw={550}
              to="/$orgId/configuration/webhooks/$webhookId"
              params={{ orgId, webhookId: id }}
            >
              {url}
            </AnchorLink>
          </Table.Td>
          <Table.Td className="name" data-label="Events">
            {eventsOf(events)}
          </Table.Td>
          <Table.Td data-label="Created">
            <When at={createdAt} as="date" />
          </Table.Td>
        </Table.Tr>
      ))}
    </Rows>
  );
}
