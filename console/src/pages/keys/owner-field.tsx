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

/** Whom a key belongs to: it stops working when they leave. */
export function OwnerField({ orgId, ownerId, change }: Props) {
  const { user } = useSession();
  const { data } = useQuery(membersQuery(orgId));
  const others = (data?.items ?? []).filter(({ userId }) => userId !== user.id);
  return (
    <NativeSelect
      label="Owner"
      description="The key stops working when its owner leaves. Programs do best with a service account."
      value={ownerId ?? ''}
      data={[
        { value: '', label: `${user.name} (you)` },
        ...others.map(({ userId, name, kind }) => ({
          value: userId,
          label: kind === 'service' ? `${name} (service account)` : name,
        })),
      ]}
      onChange={({ currentTarget: { value } }) => {
        change(value === '' ? undefined : value);
      }}
    />
  );
}
