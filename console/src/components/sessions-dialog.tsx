import { Loader, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { endSession, ownSessionsQuery, type OwnSession } from '../api/session';
import { browserName } from '../lib/browser-name';
import { toast } from '../lib/toasts';
import { Badge } from './badge';
import { Dialog } from './dialog';
import { Failure } from './failure';
import { RowAction, Rows } from './rows';
import { When } from './when';

/** Where the person is signed in, and ends what they do not know. */
export function SessionsDialog({ close }: { close: () => void }) {
  const sessions = useQuery(ownSessionsQuery);
  return (
    <Dialog title="Your sessions" close={close} size="lg">
      {sessions.error && <Failure error={sessions.error} retry={() => void sessions.refetch()} />}
      {sessions.isPending && <Loader aria-label="The sessions are loading" />}
      {sessions.data && <Sessions {...sessions.data} />}
    </Dialog>
  );
}

function Sessions({ items, total }: { items: OwnSession[]; total: number }) {
  return (
    <Stack>
      <Rows label="Sessions" titles={['Browser', 'From', 'Last used']} hasActions>
        {items.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </Rows>
      {total > items.length && (
        <Text>
          {total - items.length} more were used earlier. “Sign out everywhere” ends all of them.
        </Text>
      )}
    </Stack>
  );
}

function SessionRow({ session }: { session: OwnSession }) {
  const client = useQueryClient();
  const { id, current, ip, lastUsedAt, userAgent } = session;
  const name = browserName(userAgent);
  const end = useMutation({
    mutationFn: () => endSession(id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ownSessionsQuery.queryKey });
      toast(`The session in ${name} has ended`);
    },
  });
  return (
    <tr>
      <td data-label="Browser" title={userAgent ?? undefined}>
        {name}
      </td>
      <td data-label="From">{ip ?? 'Unknown'}</td>
      <td data-label="Last used">
        <When at={lastUsedAt} />
        {end.error && <Failure error={end.error} />}
      </td>
      <td data-label="">
        {current ? (
          <Badge colour="teal">This session</Badge>
        ) : (
          <RowAction
            name="End"
            label={`End the session in ${name}`}
            isDangerous
            isBusy={end.isPending}
            onClick={() => {
              end.mutate();
            }}
          />
        )}
      </td>
    </tr>
  );
}
