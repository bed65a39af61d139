import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Standing } from '../../api/client';
import { createWebhook, webhooksQuery, type Webhook } from '../../api/webhooks';
import { AnchorLink } from '../../components/anchor-link';
import { Heading } from '../../components/heading';
import { Icon } from '../../components/icon';
import { Listing } from '../../components/listing';
import { Nothing } from '../../components/nothing';
import { OrgPage } from '../../components/org-page';
import { Rows } from '../../components/rows';
import { When } from '../../components/when';
import { eventsOf } from '../../lib/events';
import type { Secret } from '../../lib/secret';
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
  const [created, setCreated] = useState<{ secret: Secret | undefined }>();
  const webhooks = useQuery(webhooksQuery(standing.id));
  const create = (
    <Button leftSection={<Icon of={IconPlus} size={16} />} onClick={creation.open}>
      Create webhook
    </Button>
  );
  return (
    <Stack gap="lg">
      <Heading
        title="Webhooks"
        text={`Webhooks notify your programs of what happens in ${standing.name}.`}
      >
        {webhooks.data?.items.length !== 0 && create}
      </Heading>
      <Listing
        label="Webhooks"
        query={webhooks}
        empty={
          <Nothing
            title="No webhooks yet"
            text="A webhook receives a signed message when a key is created, revoked or about to expire."
          >
            {create}
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
    <Rows label="Webhooks" titles={['URL', 'Events', 'Created']}>
      {webhooks.map(({ id, orgId, url, events, createdAt }) => (
        <tr key={id}>
          <td className="name" data-label="URL">
            <AnchorLink
              className="row-link"
              to="/$orgId/configuration/webhooks/$webhookId"
              params={{ orgId, webhookId: id }}
            >
              {url}
            </AnchorLink>
          </td>
          <td className="name" data-label="Events">
            {eventsOf(events)}
          </td>
          <td data-label="Created">
            <When at={createdAt} as="date" />
          </td>
        </tr>
      ))}
    </Rows>
  );
}
