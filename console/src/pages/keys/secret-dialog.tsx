import { Alert, Button, Checkbox, Code, Group, Modal, Stack, Tabs, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Key } from '../../api/client';
import { Copy } from '../../components/copy';
import { snippetsOf } from '../../lib/snippets';

export interface Created {
  key: Key;
  /** Undefined when the answer that had it was lost: nobody knows it then. */
  secret: string | undefined;
}

interface Props {
  created: Created;
  close: () => void;
}

/**
 * Shows a secret, which is in this component and nowhere else: when it closes nothing has it any more. So
 * nothing but the button closes it.
 */
export function SecretDialog({ created: { key, secret }, close }: Props) {
  const [isStored, setStored] = useState(false);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
    };
  }, []);
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={`“${key.name}” was created`}
      size="lg"
      lockScroll={false}
    >
      <Stack>
        {secret === undefined ? <Lost /> : <Secret secret={secret} />}
        <Checkbox
          label={secret === undefined ? 'I will revoke it' : 'I have stored it'}
          checked={isStored}
          onChange={({ currentTarget }) => {
            setStored(currentTarget.checked);
          }}
        />
        <Group justify="flex-end">
          <Button disabled={!isStored} onClick={close}>
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Lost() {
  return (
    <Alert color="orange" title="The key exists, but its secret is lost">
      The answer that had the secret did not arrive, and it is shown once only. Revoke the key and
      create another one.
    </Alert>
  );
}

function Secret({ secret }: { secret: string }) {
  const snippets = Object.entries(snippetsOf(secret, window.location.origin));
  return (
    <>
      <Text>Copy the key now and store it where its program finds it. It is shown this once.</Text>
      <div className="secret" data-autofocus tabIndex={-1}>
        {secret}
      </div>
      <Group>
        <Copy text={secret} label="Copy the key" size="sm" />
      </Group>
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
    </>
  );
}
