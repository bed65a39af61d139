import { Text } from '@mantine/core';
import type { Key } from '../../api/client';
import { When } from '../../components/when';
import { urgency } from '../../lib/time';
import { useNow } from '../../lib/use-now';

/** When a key ends, also when it has ended before that. */
export function Expiry({ apiKey: { state, createdAt, expiresAt } }: { apiKey: Key }) {
  const now = useNow();
  if (expiresAt === null) return <Text inherit>Never</Text>;
  const tones = { soon: 'urgent', near: 'near', far: '' };
  const tone = state === 'active' ? tones[urgency({ createdAt, expiresAt }, now)] : '';
  // A revoked key does not get that far.
  return <When at={expiresAt} as={state === 'revoked' ? 'date' : 'both'} tone={tone} />;
}
