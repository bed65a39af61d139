import { Alert, Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '../../api/client';
import { askKey } from '../../api/keys';
import { Badge } from '../../components/badge';
import { Dialog } from '../../components/dialog';
import { Failure } from '../../components/failure';
import { ScopeName } from '../../components/scope-name';
import { When } from '../../components/when';

type Outcome =
  | { kind: 'good'; facts: Awaited<ReturnType<typeof askKey>> }
  | { kind: 'bad' }
  | { kind: 'failed'; error: Error };

/** What a header can carry: all else is no key anyway. */
const isSendable = (secret: string) => /^[\x21-\x7e]{1,200}$/.test(secret);

async function look(secret: string): Promise<Outcome> {
  if (!isSendable(secret)) return { kind: 'bad' };
  try {
    return { kind: 'good', facts: await askKey(secret) };
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 401) return { kind: 'bad' };
    return { kind: 'failed', error: error as Error };
  }
}

/** Says whether a pasted key is valid. The key is forgotten as soon as it is checked. */
export function CheckKeyDialog({ close }: { close: () => void }) {
  const [secret, setSecret] = useState('');
  const [outcome, setOutcome] = useState<Outcome>();
  const [isBusy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    setOutcome(await look(secret.trim()));
    setSecret('');
    setBusy(false);
  };
  return (
    <Dialog title="Check a key" close={close}>
      <Text c="dimmed" mb="md">
        Does a key work, and what may it do? The key is checked once and not stored.
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void check();
        }}
      >
        <Group align="flex-end">
          <PasswordInput
            label="API key"
            autoComplete="off"
            data-autofocus
            flex={1}
            miw={200}
            value={secret}
            onChange={({ currentTarget }) => {
              setSecret(currentTarget.value);
            }}
          />
          <Button type="submit" loading={isBusy} disabled={secret.trim() === ''}>
            Check
          </Button>
        </Group>
      </form>
      <div className="outcome" aria-live="polite">
        {outcome && <Shown outcome={outcome} />}
      </div>
    </Dialog>
  );
}

function Shown({ outcome }: { outcome: Outcome }) {
  if (outcome.kind === 'failed') return <Failure error={outcome.error} />;
  if (outcome.kind === 'bad') {
    return (
      <Alert color="red" title="This key does not work">
        It is mistyped, expired or revoked, or its owner or organisation is not active.
      </Alert>
    );
  }
  const { keyName, ownerName, orgName, scope, permissions, expiresAt } = outcome.facts;
  return (
    <Alert color="teal" title="This key works">
      <Stack gap="xs">
        <Text size="sm" className="name">
          {keyName}, of {ownerName} in {orgName}. <ScopeName scope={scope} />;{' '}
          {expiresAt === null ? (
            'never expires'
          ) : (
            <>
              expires <When at={expiresAt} />
            </>
          )}
          .
        </Text>
        <Group gap={6}>
          {permissions.map((each) => (
            <Badge key={each}>{each}</Badge>
          ))}
        </Group>
      </Stack>
    </Alert>
  );
}
