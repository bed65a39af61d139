import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { auditQuery, exportUrl, type AuditSearch } from '../../api/audit';
import type { Standing } from '../../api/client';
import { Events } from '../../components/events';
import { Failure } from '../../components/failure';
import { OrgPage } from '../../components/org-page';
import { Pages } from '../../components/pages';
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
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2" id="audit">
            Audit log
          </Title>
          <Text c="dimmed">Everything that was changed in {standing.name}, the latest first.</Text>
        </div>
        <Button
          component="a"
          variant="default"
          href={exportUrl(orgId, search)}
          download={`audit-${orgId}.jsonl`}
        >
          Export
        </Button>
      </Group>
      <section className="card" aria-label="Events" aria-busy={events.isFetching}>
        <AuditFilters orgId={orgId} search={search} change={change} />
        {events.isPending && <Skeleton height={240} m="md" aria-label="The events are loading" />}
        {events.error && !events.data && (
          <Failure error={events.error} retry={() => void events.refetch()} />
        )}
        {events.data?.items.length === 0 && (
          <Text p="xl" ta="center">
            Nothing like that has happened.
          </Text>
        )}
        {events.data && events.data.items.length > 0 && (
          <Events orgId={orgId} events={events.data.items} labelledBy="audit" />
        )}
        <Pages search={search} next={events.data?.nextCursor ?? undefined} change={change} />
      </section>
    </Stack>
  );
}
