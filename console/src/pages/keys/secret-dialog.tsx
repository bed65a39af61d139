import { Code, Stack, Tabs, Text } from '@mantine/core';
import type { Key } from '../../api/client';
import { Copy } from '../../components/copy';
import { RevealDialog } from '../../components/reveal-dialog';
import { snippetsOf } from '../../lib/snippets';

export interface Created {
  key: Key;
  /** Undefined when the answer that had it was lost: nobody knows it then. */
  secret: string | undefined;
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
          Copy the key now and store it where its program finds it. It is shown this once.
        </Text>
      }
      lost={{
        title: 'The key exists, but its secret is lost',
        text:
          'The answer that had the secret did not arrive, and it is shown once only. Revoke the key ' +
          'and create another one.',
        consent: 'I will revoke it',
      }}
      close={close}
    >
      {secret !== undefined && <Snippets secret={secret} />}
    </RevealDialog>
  );
}

function Snippets({ secret }: { secret: string }) {
  const snippets = Object.entries(snippetsOf(secret, window.location.origin));
  return (
    <Tabs defaultValue="curl" keepMounted={false}>
      <Tabs.List aria-label="Ways to use it">
        {snippets.map(([name]) => (
          <Tabs.Tab key={name} value={name}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippets.map(([name, text]) => (
        <Tabs.Panel key={name} value={name} pt="sm">
          <Stack gap="xs" align="flex-start">
            <Code block className="snippet" w="100%" tabIndex={0}>
              {text}
            </Code>
            <Copy text={text} label="Copy" />
          </Stack>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
