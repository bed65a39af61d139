import { Checkbox, Loader, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usePermissionTexts } from '../../api/installation';
import type { MemberStanding } from '../../api/members';
import { orgQuery } from '../../api/orgs';
import { Failure } from '../../components/failure';

interface Props {
  orgId: string;
  standing: MemberStanding;
  change: (standing: MemberStanding) => void;
}

/** The role of a member, and which of the organisation's data permissions they have. */
export function StandingFields({ orgId, standing, change }: Props) {
  const org = useQuery(orgQuery(orgId));
  const texts = usePermissionTexts();
  const { role, grants } = standing;
  return (
    <>
      <Radio.Group
        label="Role"
        value={role}
        onChange={(value) => {
          change({ ...standing, role: value });
        }}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="member" label="Member" description="Has keys of their own." />
          <Radio
            value="manager"
            label="Manager"
            description="Sees all keys, and manages members, webhooks and the audit log."
          />
        </Stack>
      </Radio.Group>
      {org.error && <Failure error={org.error} retry={() => void org.refetch()} />}
      {org.isPending && <Loader aria-label="The organisation is loading" />}
      {org.data && (
        <>
          <Checkbox
            label="All data permissions of the organisation, including future ones"
            checked={grants === null}
            onChange={({ currentTarget }) => {
              change({ ...standing, grants: currentTarget.checked ? null : [] });
            }}
          />
          {grants !== null && (
            <Checkbox.Group
              label="Restrict to these data permissions"
              value={grants}
              onChange={(value) => {
                change({ ...standing, grants: value });
              }}
            >
              <Stack gap={6} mt="xs">
                {org.data.grants.length + grants.length === 0 && (
                  <Text c="dimmed">The organisation has no data permissions yet.</Text>
                )}
                {[...new Set([...org.data.grants, ...grants])].map((each) => (
                  <Checkbox key={each} value={each} label={each} description={texts.get(each)} />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
        </>
      )}
    </>
  );
}
