import { useState } from 'react';
import { useNamesOf, type NamesOf } from '../api/names';
import type { AuditEvent } from '../api/client';
import { changesOf, fieldName } from '../lib/sentences';
import { shownDate, shownInstant } from '../lib/time';
import { RowAction, Rows } from './rows';
import { Sentence } from './sentence';
import { When } from './when';

interface Props {
  orgId: string;
  events: AuditEvent[];
  /** Names the table. */
  label: string;
}

/** Rows of the audit log, with what they changed. */
export function Events({ orgId, events, label }: Props) {
  const names = useNamesOf(orgId, events);
  return (
    <Rows titles={['What', 'When', 'From']} label={label} hasActions>
      {events.map((event) => (
        <Row key={event.id} orgId={orgId} event={event} names={names} />
      ))}
    </Rows>
  );
}

interface RowProps {
  orgId: string;
  event: AuditEvent;
  names: NamesOf;
}

function Row(props: RowProps) {
  const [isOpen, setOpen] = useState(false);
  const { actor, at, ip } = props.event;
  const ways = { system: '', key: 'with a key', console: 'in the console', secret_holder: '' };
  return (
    <>
      <tr>
        <td data-label="What" className="name">
          <div>
            <Sentence {...props} />
          </div>
        </td>
        <td data-label="When">
          <When at={at} />
        </td>
        <td data-label="From">
          <div>
            {ip ?? (ways[actor.kind] === '' ? '–' : '')}
            <div className="minor">{ways[actor.kind]}</div>
          </div>
        </td>
        <td data-label="">
          <div className="row-actions">
            <RowAction
              name={isOpen ? 'Hide details' : 'Details'}
              label={isOpen ? 'Hide details' : 'Details'}
              isOpen={isOpen}
              onClick={() => {
                setOpen(!isOpen);
              }}
            />
          </div>
        </td>
      </tr>
      {isOpen && (
        <tr className="details">
          <td colSpan={4}>
            <Details {...props} />
          </td>
        </tr>
      )}
    </>
  );
}

/** What it means that there is no value, where that is not nothing. */
const meaningOfNull: Partial<Record<string, string>> = {
  allowedIps: 'any',
  expiresAt: 'never',
  grants: 'all data permissions',
  permissions: 'all permissions of the scope',
};

/** A value, or what is in it. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([field, each]) => `${fieldName(field)}: ${textOf(each)}`)
    .join('; ');
}

/** A value of a row, as people read it. */
function shown(field: string, value: unknown, names: NamesOf): string {
  if (value === null || value === undefined) return meaningOfNull[field] ?? 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(textOf).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = textOf(value);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return shownDate(new Date(text));
  return text.startsWith('usr_') ? names.user(text) : text;
}

function Details({ event, names }: RowProps) {
  const { targetId, before, after, userAgent, requestId, at } = event;
  const others = {
    Time: shownInstant(new Date(at)),
    Target: targetId,
    Client: userAgent,
    Request: requestId,
  };
  return (
    <dl className="changes">
      {changesOf(before, after).map((change) => (
        <div key={change.field} className="change">
          <dt>{fieldName(change.field)}</dt>
          <dd>
            {change.before !== undefined && (
              <>
                <del>{shown(change.field, change.before, names)}</del> →{' '}
              </>
            )}
            <ins>{shown(change.field, change.after, names)}</ins>
          </dd>
        </div>
      ))}
      {Object.entries(others)
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <div key={name} className="change">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
