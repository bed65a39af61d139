import { Button, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import { Icon } from './icon';

interface Props {
  /** Tells the text when it is copied. */
  text: () => string;
  label: string;
  /** What the page is about. */
  isPrimary?: boolean;
}

/** Copies a text, and says that it did. */
export function Copy({ text, label, isPrimary = false }: Props) {
  const { copy, copied, error } = useClipboard({ timeout: 3_000 });
  const said = error === null ? (copied ? 'Copied' : '') : 'Not copied: select it and copy by hand';
  return (
    <>
      <Button
        size={isPrimary ? 'sm' : 'xs'}
        variant={isPrimary ? 'filled' : 'default'}
        data-autofocus={isPrimary || undefined}
        leftSection={<Icon of={copied ? IconCheck : IconCopy} size={16} />}
        onClick={() => {
          copy(text());
        }}
      >
        {said === '' ? label : said}
      </Button>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}
