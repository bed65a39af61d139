import { Button, FileButton, Group, Input } from '@mantine/core';
import { useState } from 'react';

interface Props {
  /** A data URL; null for the usual one. */
  logo: string | null;
  change: (logo: string | null) => void;
  error: string | undefined;
}

const types = 'image/png,image/webp,image/svg+xml';
const mostBytes = 30_000;

const readDataUrl = (file: File) =>
  new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as string);
    };
    reader.onerror = () => {
      reject(new Error('The file cannot be read.'));
    };
    reader.readAsDataURL(file);
  });

/** An image that stands beside the name of the product. */
export function LogoField({ logo, change, error }: Props) {
  const [fault, setFault] = useState<string>();
  const choose = async (file: File | null) => {
    if (file === null) return;
    if (!types.split(',').includes(file.type) || file.size > mostBytes) {
      setFault('Choose a PNG, WebP or SVG image of at most 30 kB.');
      return;
    }
    change(await readDataUrl(file));
    setFault(undefined);
  };
  return (
    <Input.Wrapper
      label="Logo"
      description="A square PNG, WebP or SVG image of at most 30 kB."
      error={fault ?? error}
    >
      <Group gap="sm" mt="xs">
        {logo !== null && <img src={logo} alt="The logo" width={32} height={32} />}
        <FileButton accept={types} onChange={(file) => void choose(file)}>
          {(props) => (
            <Button {...props} variant="default" size="xs">
              Choose an image
            </Button>
          )}
        </FileButton>
        {logo !== null && (
          <Button
            variant="subtle"
            size="xs"
            onClick={() => {
              change(null);
            }}
          >
            Remove
          </Button>
        )}
      </Group>
    </Input.Wrapper>
  );
}
