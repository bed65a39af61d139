import { Stack } from '@mantine/core';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Standing } from '../../api/client';
import { expiringDays, summaryQuery, unusedDays, type Summary } from '../../api/overview';
import { AnchorLink } from '../../components/anchor-link';
import { ButtonLink } from '../../components/button-link';
import { Failure } from '../../components/failure';
import { Heading } from '../../components/heading';
import { Icon } from '../../components/icon';
import { Loading } from '../../components/loading';
import { Nothing } from '../../components/nothing';
import { OrgPage } from '../../components/org-page';
import { Section } from '../../components/section';
import { shownCount } from '../../lib/words';
import { KeyLines } from './key-lines';
import { RecentActivity } from './recent-activity';
import { Requests } from './requests';

export function OverviewPage() {
  const { orgId } = useParams({ from: '/signed-in/$orgId/configuration/overview' });
  return (
    <OrgPage orgId={orgId} title="Overview" permission="keys:read" what="its overview">
      {(standing) => <Overview standing={standing} />}
    </OrgPage>
  );
}

function Overview({ standing }: { standing: Standing }) {
  const orgId = standing.id;
  const summary = useQuery(summaryQuery(orgId));
  const mayCreate = standing.permissions.includes('keys:admin');
  const create = mayCreate && (
    <ButtonLink
      to="/$orgId/configuration/api-keys"
      params={{ orgId }}
      search={{ create: true }}
      leftSection={<Icon of={IconPlus} size={16} />}
    >
      Create API key
    </ButtonLink>
  );
  const isEmpty =
    summary.data !== undefined &&
    summary.data.counts.active + summary.data.counts.expired + summary.data.counts.revoked === 0;
  return (
    <Stack gap="lg">
      <Heading
        title="Overview"
        text={standing.role === 'manager' ? standing.name : `Your keys in ${standing.name}`}
      >
        {!isEmpty && create}
      </Heading>
      {summary.error && <Failure error={summary.error} retry={() => void summary.refetch()} />}
      {summary.isPending && <Loading label="The overview is loading" />}
      {isEmpty && (
        <section className="card" aria-label="Keys">
          <Nothing
            title="No API keys yet"
            text="A key lets a program use your data. Create one for each program, with only what it needs."
          >
            {create}
          </Nothing>
        </section>
      )}
      {summary.data && !isEmpty && <Keys orgId={orgId} summary={summary.data} />}
      {standing.permissions.includes('audit:read') && <RecentActivity orgId={orgId} />}
    </Stack>
  );
}

function Keys({ orgId, summary }: { orgId: string; summary: Summary }) {
  return (
    <>
      <Totals orgId={orgId} counts={summary.counts} />
      <Requests orgId={orgId} used={summary.used} />
      <div className="columns">
        <Section title="Expiring soon" isFlush>
          <KeyLines
            keys={summary.expiring}
            total={summary.counts.expiringSoon}
            about="expiry"
            none={`No key expires within ${expiringDays} days.`}
          />
        </Section>
        <Section title="Unused" isFlush>
          <KeyLines
            keys={summary.unused}
            total={summary.counts.unused}
            about="use"
            none={`Every active key was used, or created, in the last ${unusedDays} days.`}
          />
        </Section>
      </div>
    </>
  );
}

function Totals({ orgId, counts }: { orgId: string; counts: Summary['counts'] }) {
  const tiles = [
    { name: 'Active', count: counts.active, search: {} },
    { name: 'Expired', count: counts.expired, search: { state: 'expired' } },
    { name: 'Revoked', count: counts.revoked, search: { state: 'revoked' } },
    { name: 'Expiring soon', count: counts.expiringSoon, search: { expires: expiringDays } },
    { name: `Unused for ${unusedDays} days`, count: counts.unused, search: { unused: unusedDays } },
  ] as const;
  return (
    <dl className="tiles">
      {tiles.map(({ name, count, search }) => (
        <div key={name} className="card tile">
          <dt>
            <AnchorLink
              inherit
              c="inherit"
              to="/$orgId/configuration/api-keys"
              params={{ orgId }}
              search={search}
            >
              {name}
            </AnchorLink>
          </dt>
          <dd>{shownCount(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
