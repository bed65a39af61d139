import { Button, Group, Modal, Stack } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useReturnedFocus } from '../lib/use-returned-focus';
import { Failure } from './failure';

interface DialogProps {
  title: string;
  close: () => void;
  size?: 'md' | 'lg';
  children: ReactNode;
}

/** Something over the page. */
export function Dialog({ title, close, size = 'md', children }: DialogProps) {
  useReturnedFocus();
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      size={size}
      lockScroll={false}
      returnFocus={false}
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
  /** What went wrong that no field says; by default all of it. */
  failure?: Error | null;
  /** What the button says that does so. */
  submit: string;
  cancel?: string;
  /** It takes away what does not come back. */
  isDangerous?: boolean;
  /** The keyboard begins at the button that does no harm, even if there is a field. */
  isSafeFirst?: boolean;
  disabled?: boolean;
  children: ReactNode;
}

const fields = 'input:not([type=hidden]), select, textarea';

/** Where the keyboard begins: at the first field, or, without one, at the button that does no harm. */
function useFirstFocus(): React.RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    const first =
      form.current?.querySelector<HTMLElement>('[data-autofocus]') ??
      form.current?.querySelector<HTMLElement>(fields) ??
      form.current?.querySelector<HTMLElement>('[data-safe]');
    // The dialog looks for this mark when it opens. A form that had to be loaded comes after that.
    first?.setAttribute('data-autofocus', '');
    const timer = setTimeout(() => {
      if (form.current?.contains(document.activeElement) === false) first?.focus();
    });
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return form;
}

/** What a dialog asks, with what went wrong. The task closes the dialog when it is done. */
export function DialogForm({
  close,
  task,
  failure = task.error,
  submit,
  cancel = 'Cancel',
  children,
  ...props
}: FormProps) {
  const form = useFirstFocus();
  useEffect(() => {
    if (task.error === null) return;
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid=true]');
    const shown = wrong ?? form.current?.querySelector<HTMLElement>('[role=alert]');
    shown?.scrollIntoView({ block: 'center' });
    wrong?.focus({ preventScroll: true });
  }, [form, task.error]);
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        task.mutate();
      }}
    >
      <Stack>
        {children}
        {failure && <Failure error={failure} />}
        <Group justify="flex-end" className="dialog-end">
          <Button variant="default" data-safe data-autofocus={props.isSafeFirst} onClick={close}>
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
