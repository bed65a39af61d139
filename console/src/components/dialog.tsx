import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Failure } from './failure';

interface DialogProps {
  title: string;
  close: () => void;
  size?: 'md' | 'lg';
  children: ReactNode;
}

/** Something over the page. */
export function Dialog({ title, close, size = 'md', children }: DialogProps) {
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      size={size}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {children}
    </Modal>
  );
}

interface FormProps {
  close: () => void;
  /** What it does when it is sent. */
  task: { mutate: () => void; isPending: boolean; error: Error | null };
  /** What the button says that does so. */
  submit: string;
  cancel?: string;
  /** It takes away what does not come back. */
  isDangerous?: boolean;
  disabled?: boolean;
  children: ReactNode;
}

/** What a dialog asks, with what went wrong. The task closes the dialog when it is done. */
export function DialogForm({
  close,
  task,
  submit,
  cancel = 'Cancel',
  children,
  ...props
}: FormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        task.mutate();
      }}
    >
      <Stack>
        {children}
        {task.error && <Failure error={task.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {cancel}
          </Button>
          <Button
            type="submit"
            color={props.isDangerous ? 'red' : undefined}
            loading={task.isPending}
            disabled={props.disabled}
          >
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type FormDialogProps = Omit<DialogProps, 'children'> & FormProps;

export function FormDialog({ title, size, ...form }: FormDialogProps) {
  return (
    <Dialog title={title} size={size} close={form.close}>
      <DialogForm {...form} />
    </Dialog>
  );
}
