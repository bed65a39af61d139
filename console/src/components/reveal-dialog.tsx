import { Alert, Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import type { Secret } from '../lib/secret';
import { useForgetting } from '../lib/use-forgetting';
import { useReturnedFocus } from '../lib/use-returned-focus';
import { useSecretText } from '../lib/use-secret-text';
import { Copy } from './copy';

interface Props {
  title: string;
  /** Undefined when the response that had it was lost: nobody knows it then. */
  secret: Secret | undefined;
  /** What to do with it. */
  text: ReactNode;
  /** What the button says that copies it. */
  copy: string;
  /** What to do when it is lost. */
  lost: { title: string; text: string; consent: string };
  close: () => void;
  /** Stands below the secret. */
  children?: ReactNode;
}

/**
 * Shows a secret, which is nowhere else: when the dialog closes nothing has it any more. So nothing but the
 * button closes it.
 */
export function RevealDialog({ title, secret, text, copy, lost, close, children }: Props) {
  const [isStored, setStored] = useState(false);
  const textOf = useCallback(() => secret?.text ?? '', [secret]);
  const showSecret = useSecretText(textOf);
  useForgetting(secret);
  useReturnedFocus();
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
      title={title}
      size="lg"
      lockScroll={false}
      returnFocus={false}
    >
      <Stack>
        {secret === undefined ? (
          <Alert color="orange" title={lost.title}>
            {lost.text}
          </Alert>
        ) : (
          <>
            {text}
            <div className="secret" ref={showSecret} />
            <Group>
              <Copy text={textOf} label={copy} isPrimary />
            </Group>
            {children}
          </>
        )}
        <Checkbox
          label={secret === undefined ? lost.consent : 'I have stored it'}
          checked={isStored}
          onChange={({ currentTarget }) => {
            setStored(currentTarget.checked);
          }}
        />
        <Group justify="flex-end">
          <Button variant="default" disabled={!isStored} onClick={close}>
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
