import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { membersQuery } from '../../api/members';
import { useSession } from '../../api/session';

interface Props {
  orgId: string;
  /** Undefined is whoever creates the key. */
  ownerId: string | undefined;
  change: (ownerId: string | undefined) => void;
}

/** Stands for whoever creates the key. */
const self = 'self';

/** Whom a key belongs to: it stops working when they leave. */
export function OwnerField({ orgId, ownerId, change }: Props) {
  const { user, organisations } = useSession();
  const { data } = useQuery(membersQuery(orgId));
  const others = (data?.items ?? []).filter(({ userId }) => userId !== user.id);
  const isMember = organisations.some(({ id }) => id === orgId);
  return (
    <NativeSelect
      label="Owner"
      required
      description="The key stops working when its owner leaves. Programs do best with a service account."
      value={ownerId ?? (isMember ? self : '')}
      data={[
        isMember
          ? { value: self, label: `${user.name} (you)` }
          : // An operator has no keys in other organisations.
            { value: '', label: 'Choose one' },
        ...others.map(({ userId, name, kind }) => ({
          value: userId,
          label: kind === 'service' ? `${name} (service account)` : name,
        })),
      ]}
      onChange={({ currentTarget: { value } }) => {
        change(value === self ? undefined : value);
      }}
    />
  );
}
