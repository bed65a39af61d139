import { Code, Table, Text } from '@mantine/core';
import { useNames } from '../api/audit';
import type { AuditEvent } from '../api/client';
import { actions } from '../lib/actions';
import { AnchorLink } from './anchor-link';
import { Rows } from './rows';
import { When } from './when';

const kinds: Record<AuditEvent['actor']['kind'], string> = {
  system: 'Keyfence itself',
  key: 'with a key',
  console: 'in the console',
  secret_holder: 'Somebody who had the secret',
};

interface Props {
  orgId: string;
  events: AuditEvent[];
  /** Names the table. */
  labelledBy: string;
}

/** Rows of the audit log, with what they changed. */
export function Events({ orgId, events, labelledBy }: Props) {
  const nameOf = useNames(orgId);
  return (
    <Rows titles={['What', 'When', 'Who', 'From', 'Details']} labelledBy={labelledBy}>
      {events.map((event) => (
        <Row key={event.id} orgId={orgId} event={event} nameOf={nameOf} />
      ))}
    </Rows>
  );
}

/** That which was changed, as people know it. */
function Target({ event, orgId, nameOf }: RowProps) {
  const { targetId, before, after } = event;
  if (targetId.startsWith('usr_')) return nameOf(targetId);
  const { name: given }: { name?: unknown } = after ?? before ?? {};
  const name = typeof given === 'string' ? given : targetId;
  if (!targetId.startsWith('key_')) return name;
  return (
    <AnchorLink
      size="xs"
      to="/$orgId/configuration/api-keys/$keyId"
      params={{ orgId, keyId: targetId }}
    >
      {name}
    </AnchorLink>
  );
}

interface RowProps {
  orgId: string;
  event: AuditEvent;
  nameOf: (userId: string) => string;
}

function Row({ event, ...props }: RowProps) {
  const { actor, action, at, ip } = event;
  return (
    <Table.Tr>
      <Table.Td data-label="What">
        <div>
          {actions[action]}
          <Text size="xs" c="dimmed" className="name">
            <Target event={event} {...props} />
          </Text>
        </div>
      </Table.Td>
      <Table.Td data-label="When">
        <When at={at} />
      </Table.Td>
      <Table.Td data-label="Who" className="name">
        {actor.userId !== null && `${props.nameOf(actor.userId)}, `}
        {kinds[actor.kind]}
      </Table.Td>
      <Table.Td data-label="From">{ip ?? '–'}</Table.Td>
      <Table.Td data-label="Details">
        <Details event={event} />
      </Table.Td>
    </Table.Tr>
  );
}

function Details({ event }: { event: AuditEvent }) {
  const { targetId, before, after, userAgent, requestId } = event;
  const all = { targetId, before, after, userAgent, requestId };
  const known = Object.entries(all).filter(([, value]) => value !== null);
  return (
    <details>
      <summary>Show</summary>
      <Code block className="snippet" tabIndex={0}>
        {JSON.stringify(Object.fromEntries(known), null, 2)}
      </Code>
    </details>
  );
}
