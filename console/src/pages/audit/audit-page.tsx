import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { auditQuery, exportUrl, type AuditSearch } from '../../api/audit';
import type { Standing } from '../../api/client';
import { Events } from '../../components/events';
import { Heading } from '../../components/heading';
import { Listing } from '../../components/listing';
import { Nothing } from '../../components/nothing';
import { OrgPage } from '../../components/org-page';
import { AuditFilters } from './audit-filters';

export function AuditPage() {
  const { orgId } = useParams({ from: '/signed-in/$orgId/configuration/audit' });
  return (
    <OrgPage orgId={orgId} title="Audit log" permission="audit:read" what="its audit events">
      {(standing) => <Audit standing={standing} />}
    </OrgPage>
  );
}

function Audit({ standing }: { standing: Standing }) {
  const orgId = standing.id;
  const search = useSearch({ from: '/signed-in/$orgId/configuration/audit' });
  const navigate = useNavigate({ from: '/$orgId/configuration/audit' });
  const events = useQuery(auditQuery(orgId, search));
  const change = (next: AuditSearch) => void navigate({ search: next });
  return (
    <Stack gap="lg">
      <Heading title="Audit log" text={`Every change in ${standing.name}, latest first.`}>
        <Button
          component="a"
          variant="default"
          href={exportUrl(orgId, search)}
          download={`audit-${orgId}.jsonl`}
        >
          Export
        </Button>
      </Heading>
      <Listing
        label="Events"
        query={events}
        search={search}
        change={change}
        toolbar={<AuditFilters orgId={orgId} search={search} change={change} />}
        empty={<Nothing title="No events match" />}
      >
        {(items) => <Events orgId={orgId} events={items} label="Audit log" />}
      </Listing>
    </Stack>
  );
}
