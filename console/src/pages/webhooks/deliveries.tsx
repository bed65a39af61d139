import { Badge, Button, NativeSelect, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import {
  deliveriesQuery,
  retryDelivery,
  type Delivery,
  type DeliverySearch,
  type Webhook,
} from '../../api/webhooks';
import { Failure } from '../../components/failure';
import { Listing } from '../../components/listing';
import { Nothing } from '../../components/nothing';
import { Rows } from '../../components/rows';
import { When } from '../../components/when';
import { deliveryStates, events } from '../../lib/events';

/** What a webhook was sent, and what became of it, the latest first. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const search = useSearch({ from: '/signed-in/$orgId/configuration/webhooks/$webhookId' });
  const navigate = useNavigate({ from: '/$orgId/configuration/webhooks/$webhookId' });
  const deliveries = useQuery(deliveriesQuery(webhook.orgId, webhook.id, search));
  const change = (next: DeliverySearch) => void navigate({ search: next });
  return (
    <Stack gap="sm">
      <Title order={2} size="h4" id="deliveries">
        What it was sent
      </Title>
      <Listing
        label="Deliveries"
        query={deliveries}
        search={search}
        change={change}
        toolbar={<StateFilter search={search} change={change} />}
        empty={
          <Nothing
            title={search.state === undefined ? 'Nothing yet' : 'Nothing is in this state'}
          />
        }
      >
        {(items) => <DeliveryTable deliveries={items} webhook={webhook} />}
      </Listing>
    </Stack>
  );
}

interface FilterProps {
  search: DeliverySearch;
  change: (next: DeliverySearch) => void;
}

function StateFilter({ search, change }: FilterProps) {
  return (
    <search className="toolbar">
      <NativeSelect
        label="State"
        maw={320}
        value={search.state ?? ''}
        data={[
          { value: '', label: 'All' },
          ...Object.entries(deliveryStates).map(([value, { name }]) => ({ value, label: name })),
        ]}
        onChange={({ currentTarget: { value } }) => {
          change(value === '' ? {} : { state: value as DeliverySearch['state'] });
        }}
      />
    </search>
  );
}

function DeliveryTable({ deliveries, webhook }: { deliveries: Delivery[]; webhook: Webhook }) {
  return (
    <Rows titles={['What', 'When', 'State', 'Attempts', 'Actions']} labelledBy="deliveries">
      {deliveries.map((delivery) => (
        <DeliveryRow key={delivery.id} delivery={delivery} webhook={webhook} />
      ))}
    </Rows>
  );
}

function DeliveryRow({ delivery, webhook }: { delivery: Delivery; webhook: Webhook }) {
  const client = useQueryClient();
  const { id, eventType, state, attempts, nextAttemptAt, reason, createdAt } = delivery;
  const retry = useMutation({
    mutationFn: () => retryDelivery(webhook, id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  const { name, colour } = deliveryStates[state];
  return (
    <Table.Tr>
      <Table.Td className="name" data-label="What">
        <div>
          {eventType === null || eventType === 'ping' ? 'Try' : events[eventType]}
          <Text size="xs" c="dimmed">
            {id}
          </Text>
        </div>
      </Table.Td>
      <Table.Td data-label="When">
        <When at={createdAt} />
      </Table.Td>
      <Table.Td className="name" data-label="State">
        <div>
          <Badge color={colour} variant="light">
            {name}
          </Badge>
          {reason !== null && <Text size="xs">{reason}</Text>}
        </div>
      </Table.Td>
      <Table.Td data-label="Attempts">
        <div>
          {attempts}
          {attempts > 0 && nextAttemptAt !== null && (
            <Text size="xs" c="dimmed">
              next attempt <When at={nextAttemptAt} />
            </Text>
          )}
        </div>
      </Table.Td>
      <Table.Td data-label="">
        {state === 'failed' && (
          <Button
            size="xs"
            variant="subtle"
            loading={retry.isPending}
            aria-label={`Send again ${id}`}
            onClick={() => {
              retry.mutate();
            }}
          >
            Send again
          </Button>
        )}
        {retry.error && <Failure error={retry.error} />}
      </Table.Td>
    </Table.Tr>
  );
}
