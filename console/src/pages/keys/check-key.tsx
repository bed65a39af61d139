import { Alert, Badge, Button, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '../../api/client';
import { askKey } from '../../api/keys';
import { Failure } from '../../components/failure';
import { When } from '../../components/when';
import { scopes } from '../../lib/words';

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

/** Says whether a pasted key authenticates. It is forgotten as soon as it was asked about. */
export function CheckKey() {
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
    <Stack component="section" className="card" p="md" gap="sm" aria-labelledby="check">
      <Title order={2} size="h4" id="check">
        Check a key
      </Title>
      <Text c="dimmed" size="sm">
        Does a key work, and what may it do? It is asked about once and kept nowhere.
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
            flex={1}
            miw={200}
            value={secret}
            onChange={({ currentTarget }) => {
              setSecret(currentTarget.value);
            }}
          />
          <Button type="submit" variant="light" loading={isBusy} disabled={secret.trim() === ''}>
            Check
          </Button>
        </Group>
      </form>
      <div aria-live="polite">{outcome && <Shown outcome={outcome} />}</div>
    </Stack>
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
          {keyName}, of {ownerName} in {orgName}. {scopes[scope].name};{' '}
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
            <Badge key={each} variant="default" tt="none">
              {each}
            </Badge>
          ))}
        </Group>
      </Stack>
    </Alert>
  );
}
