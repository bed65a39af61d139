import { Badge } from '@mantine/core';
import type { Org } from '../api/orgs';

export function OrgStatus({ status }: Pick<Org, 'status'>) {
  return (
    <Badge variant="light" color={status === 'active' ? 'teal' : 'red'}>
      {status === 'active' ? 'Active' : 'Suspended'}
    </Badge>
  );
}
