import { Button, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';

/** Copies a text, and says that it did. */
export function Copy({ text, label, size = 'xs' }: { text: string; label: string; size?: string }) {
  const { copy, copied, error } = useClipboard({ timeout: 3_000 });
  const said = error === null ? (copied ? 'Copied' : '') : 'Not copied: select it and copy by hand';
  return (
    <>
      <Button
        size={size}
        variant={copied ? 'light' : 'default'}
        color={copied ? 'teal' : undefined}
        onClick={() => {
          copy(text);
        }}
      >
        {said === '' ? label : said}
      </Button>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}
