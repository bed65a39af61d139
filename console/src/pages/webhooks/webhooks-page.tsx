import { Anchor, Button, Stack, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Standing } from '../../api/client';
import { createWebhook, webhooksQuery, type Webhook } from '../../api/webhooks';
import { Heading } from '../../components/heading';
import { Listing } from '../../components/listing';
import { Nothing } from '../../components/nothing';
import { OrgPage } from '../../components/org-page';
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
        search={{}}
        change={() => undefined}
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
    <Table className="rows" verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          {['URL', 'Events', 'Created'].map((title) => (
            <Table.Th key={title}>{title}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {webhooks.map(({ id, orgId, url, events, createdAt }) => (
          <Table.Tr key={id}>
            <Table.Td className="name" data-label="URL">
              <Anchor
                fw={550}
                renderRoot={(props) => (
                  <Link
                    to="/$orgId/configuration/webhooks/$webhookId"
                    params={{ orgId, webhookId: id }}
                    {...props}
                  />
                )}
              >
                {url}
              </Anchor>
            </Table.Td>
            <Table.Td className="name" data-label="Events">
              {eventsOf(events)}
            </Table.Td>
            <Table.Td data-label="Created">
              <When at={createdAt} as="date" />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
