import { Text } from '@mantine/core';
import { When } from '../../components/when';
import { shownCount } from '../../lib/words';

interface DoomedKey {
  id: string;
  name: string;
  masked: string;
  /** Where the keys are of several organisations. */
  orgName?: string;
  lastUsedAt: string | null;
  lastUsedIp: string | null;
}

interface Props {
  /** The first of them. */
  keys: DoomedKey[];
  total: number;
  /** How they stop. */
  how?: string;
}

/** Keys that stop working. */
export function DoomedKeys({ keys, total, how = 'at once' }: Props) {
  if (keys.length === 0) return <Text>No keys will be affected.</Text>;
  // A key can come or go between two responses.
  const more = total - keys.length;
  return (
    <>
      <Text>
        {keys.length === 1
          ? `This key stops working ${how}:`
          : `These ${shownCount(Math.max(total, keys.length))} keys stop working ${how}:`}
      </Text>
      <ul>
        {keys.map(({ id, name, masked, orgName, lastUsedAt, lastUsedIp }) => (
          <li key={id} className="name">
            {name} <span className="masked">{masked}</span>
            {orgName !== undefined && ` in ${orgName}`},{' '}
            {lastUsedAt === null ? (
              'never used'
            ) : (
              <>
                last used <When at={lastUsedAt} />
                {lastUsedIp !== null && ` from ${lastUsedIp}`}
              </>
            )}
          </li>
        ))}
        {more > 0 && <li>and {shownCount(more)} more</li>}
      </ul>
    </>
  );
}
