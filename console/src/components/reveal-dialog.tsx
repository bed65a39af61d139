import { Alert, Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { Copy } from './copy';

interface Props {
  title: string;
  /** Undefined when the answer that had it was lost: nobody knows it then. */
  secret: string | undefined;
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
 * Shows a secret, which is in this component and nowhere else: when it closes nothing has it any more. So
 * nothing but the button closes it.
 */
export function RevealDialog({ title, secret, text, copy, lost, close, children }: Props) {
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
      title={title}
      size="lg"
      lockScroll={false}
    >
      <Stack>
        {secret === undefined ? (
          <Alert color="orange" title={lost.title}>
            {lost.text}
          </Alert>
        ) : (
          <>
            {text}
            <div className="secret" data-autofocus tabIndex={-1}>
              {secret}
            </div>
            <Group>
              <Copy text={secret} label={copy} size="sm" />
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
          <Button disabled={!isStored} onClick={close}>
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
