import { useSession } from '../../api/session';
import { MemberChoice } from '../../components/member-choice';

interface Props {
  orgId: string;
  /** Undefined is the person who creates the key. */
  ownerId: string | undefined;
  change: (ownerId: string | undefined) => void;
  error: string | undefined;
}

/** Whom a key belongs to: it stops working when they leave. */
export function OwnerField({ orgId, ownerId, change, error }: Props) {
  const { user, organisations } = useSession();
  // An operator has no keys in other organisations.
  const isMember = organisations.some(({ id }) => id === orgId);
  return (
    <MemberChoice
      orgId={orgId}
      label="Owner"
      description={
        'The owner cannot be changed later, and the key stops working when they leave. For ' +
        'programs, choose a service account.'
      }
      none={isMember ? `${user.name} (you)` : undefined}
      except={user.id}
      value={ownerId}
      change={change}
      error={error}
    />
  );
}
