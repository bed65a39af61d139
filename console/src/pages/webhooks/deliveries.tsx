import { NativeSelect, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import {
  deliveriesQuery,
  retryDelivery,
  type Delivery,
  type DeliverySearch,
  type Webhook,
} from '../../api/webhooks';
import { Badge } from '../../components/badge';
import { Failure } from '../../components/failure';
import { Listing } from '../../components/listing';
import { Nothing } from '../../components/nothing';
import { RowAction, Rows } from '../../components/rows';
import { Section } from '../../components/section';
import { When } from '../../components/when';
import { deliveryStates, events } from '../../lib/events';

/** The deliveries of a webhook and their results, latest first. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const search = useSearch({ from: '/signed-in/$orgId/configuration/webhooks/$webhookId' });
  const navigate = useNavigate({ from: '/$orgId/configuration/webhooks/$webhookId' });
  const deliveries = useQuery(deliveriesQuery(webhook.orgId, webhook.id, search));
  const change = (next: DeliverySearch) => void navigate({ search: next });
  return (
    <Section title="Deliveries" isFlush>
      <Listing
        isPart
        label="Deliveries"
        query={deliveries}
        search={search}
        change={change}
        toolbar={<StateFilter search={search} change={change} />}
        empty={
          <Nothing
            title={search.state === undefined ? 'No deliveries yet' : 'No deliveries match'}
          />
        }
      >
        {(items) => <DeliveryTable deliveries={items} webhook={webhook} />}
      </Listing>
    </Section>
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
    <Rows label="Deliveries" titles={['Event', 'When', 'State', 'Attempts']} hasActions>
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
    <tr>
      <td className="name" data-label="Event">
        <div>
          {eventType === null || eventType === 'ping' ? 'Test event' : events[eventType]}
          <Text size="xs" c="dimmed">
            {id}
          </Text>
        </div>
      </td>
      <td data-label="When">
        <When at={createdAt} />
      </td>
      <td className="name" data-label="State">
        <div>
          <Badge colour={colour}>{name}</Badge>
          {reason !== null && <Text size="xs">{reason}</Text>}
        </div>
      </td>
      <td data-label="Attempts">
        <div>
          {attempts}
          {attempts > 0 && nextAttemptAt !== null && (
            <Text size="xs" c="dimmed">
              next attempt <When at={nextAttemptAt} />
            </Text>
          )}
        </div>
      </td>
      <td data-label="">
        {state === 'failed' && (
          <div className="row-actions">
            <RowAction
              name="Send again"
              label={`Send again ${id}`}
              isBusy={retry.isPending}
              onClick={() => {
                retry.mutate();
              }}
            />
          </div>
        )}
        {retry.error && <Failure error={retry.error} />}
      </td>
    </tr>
  );
}
