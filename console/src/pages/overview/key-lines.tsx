import { Text } from '@mantine/core';
import type { Key } from '../../api/client';
import { AnchorLink } from '../../components/anchor-link';
import { When } from '../../components/when';
import { Expiry } from '../keys/expiry';

interface Props {
  keys: Key[];
  about: 'expiry' | 'use';
  /** How many there are, those that are not named included. */
  total: number;
  /** What it means that there are none. */
  none: string;
}

/** The first of some keys, each in a line. */
export function KeyLines({ keys, about, total, none }: Props) {
  if (keys.length === 0) {
    return (
      <Text className="card-body" c="dimmed">
        {none}
      </Text>
    );
  }
  return (
    <ul className="lines">
      {keys.map((key) => (
        <li key={key.id}>
          <span className="name">
            <AnchorLink
              className="row-link"
              to="/$orgId/configuration/api-keys/$keyId"
              params={{ orgId: key.orgId, keyId: key.id }}
            >
              {key.name}
            </AnchorLink>
            <span className="minor block">{key.ownerName}</span>
          </span>
          {about === 'expiry' ? <Expiry apiKey={key} /> : <LastUse apiKey={key} />}
        </li>
      ))}
      {total > keys.length && (
        <li className="minor">and {(total - keys.length).toLocaleString()} more</li>
      )}
    </ul>
  );
}

function LastUse({ apiKey: { lastUsedAt, createdAt } }: { apiKey: Key }) {
  return (
    <span className="minor">
      {lastUsedAt === null ? (
        <>
          never used, created <When at={createdAt} />
        </>
      ) : (
        <>
          last used <When at={lastUsedAt} />
        </>
      )}
    </span>
  );
}
