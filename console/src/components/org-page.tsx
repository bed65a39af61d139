import { useEffect, type ReactNode } from 'react';
import type { Standing } from '../api/client';
import { useStanding } from '../api/session';
import { noteOrg } from '../lib/last-org';
import { useTitle } from '../lib/use-title';
import { NotFound } from './full-page';
import { Loading } from './loading';
import { NoAccess } from './no-access';

interface Props {
  orgId: string;
  title: string;
  /** Without it the page is not theirs to see. */
  permission: string;
  /** What the page shows, for those who may not see it. */
  what: string;
  children: (standing: Standing) => ReactNode;
}

/** A page of an organisation, for those who may see it. */
export function OrgPage({ orgId, title, permission, what, children }: Props) {
  useTitle(title);
  const standing = useStanding(orgId);
  useEffect(() => {
    noteOrg(orgId);
  }, [orgId]);
  if (standing === undefined) return <Loading label={`${title} is loading`} />;
  if (standing === null) return <NotFound />;
  if (!standing.permissions.includes(permission)) {
    return <NoAccess standing={standing} title={title} what={what} />;
  }
  return children(standing);
}
