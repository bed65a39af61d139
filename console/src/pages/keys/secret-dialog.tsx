import { Code, Stack, Text } from '@mantine/core';
import { useCallback } from 'react';
import type { Key } from '../../api/client';
import { Copy } from '../../components/copy';
import { RevealDialog } from '../../components/reveal-dialog';
import { Tabs } from '../../components/tabs';
import type { Secret } from '../../lib/secret';
import { snippets, type SnippetOf } from '../../lib/snippets';
import { useSecretText } from '../../lib/use-secret-text';

export interface Created {
  key: Key;
  /** Undefined when the response that had it was lost: nobody knows it then. */
  secret: Secret | undefined;
}

/** The one time that the secret of a key is seen. */
export function SecretDialog({ created, close }: { created: Created; close: () => void }) {
  const { key, secret } = created;
  return (
    <RevealDialog
      title={`“${key.name}” was created`}
      secret={secret}
      copy="Copy the key"
      text={
        <Text>
          Copy the key now and store it where its program finds it. It is shown only once.
        </Text>
      }
      lost={{
        title: 'The key exists, but its secret is lost',
        text:
          'The response with the secret did not arrive, and the secret is shown only once. Revoke ' +
          'the key and create another one.',
        consent: 'I will revoke it',
      }}
      close={close}
    >
      {secret !== undefined && <Snippets secret={secret} />}
    </RevealDialog>
  );
}

function Snippets({ secret }: { secret: Secret }) {
  return (
    <Tabs label="Ways to use it" names={Object.keys(snippets)}>
      {(name) => {
        const of = snippets[name];
        return of && <Snippet key={name} secret={secret} of={of} />;
      }}
    </Tabs>
  );
}

function Snippet({ secret, of }: { secret: Secret; of: SnippetOf }) {
  const textOf = useCallback(() => of(secret.text, window.location.origin), [of, secret]);
  return (
    <Stack gap="xs" align="flex-start">
      <Code block className="snippet" w="100%" ref={useSecretText(textOf)} />
      <Copy text={textOf} label="Copy" />
    </Stack>
  );
}
