import { Badge } from './badge';
import type { Org } from '../api/orgs';

export function OrgStatus({ status }: Pick<Org, 'status'>) {
  return (
    <Badge colour={status === 'active' ? 'teal' : 'red'}>
      {status === 'active' ? 'Active' : 'Suspended'}
    </Badge>
  );
}
