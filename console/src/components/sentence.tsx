import type { AuditEvent } from '../api/client';
import type { NamesOf } from '../api/names';
import { sentences } from '../lib/sentences';
import { AnchorLink } from './anchor-link';

interface Props {
  orgId: string;
  event: AuditEvent;
  names: NamesOf;
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** What happened, as people say it: “Ada Okafor revoked Grafana: laptop lost”. */
export function Sentence({ orgId, event, names }: Props) {
  const { action, after } = event;
  const values: Record<string, unknown> = after ?? {};
  if (action === 'key.expired') {
    return (
      <>
        <Target orgId={orgId} event={event} names={names} /> expired
      </>
    );
  }
  const [verb, end] = sentences[action];
  const reason = textOf(values.reason);
  return (
    <>
      <b>{names.actor(event)}</b> {verb}
      {end !== undefined && (
        <>
          {' '}
          <Target orgId={orgId} event={event} names={names} />
          {end !== '' && ` ${end}`}
        </>
      )}
      {action === 'member.added' &&
        textOf(values.role) !== undefined &&
        ` as ${values.role as string}`}
      {reason !== undefined && `: ${reason}`}
    </>
  );
}

/** That which was changed, as people know it. */
function Target({ orgId, event, names }: Props) {
  const { targetId } = event;
  const name = names.target(event);
  if (!targetId.startsWith('key_')) return <b>{name}</b>;
  return (
    <AnchorLink
      to="/$orgId/configuration/api-keys/$keyId"
      params={{ orgId, keyId: targetId }}
      className="row-link"
    >
      {name}
    </AnchorLink>
  );
}
