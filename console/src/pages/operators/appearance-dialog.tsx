import { Group, Input, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeInstallation, type Installation, type ScopeTexts } from '../../api/installation';
import { FormDialog } from '../../components/dialog';
import { asSaid, faultsOf } from '../../lib/faults';
import { toast } from '../../lib/toasts';
import { usualScopes } from '../../lib/words';
import { LogoField } from './logo-field';

interface Props {
  installation: Installation;
  close: () => void;
}

const scopes = Object.keys(usualScopes) as (keyof ScopeTexts)[];
const isUsual = (texts: ScopeTexts) =>
  scopes.every(
    (scope) =>
      texts[scope].name === usualScopes[scope].name &&
      texts[scope].meaning === usualScopes[scope].meaning,
  );

/** The name, the logo and the words of the product, as customers see them. */
export function AppearanceDialog({ installation, close }: Props) {
  const client = useQueryClient();
  const [productName, setProductName] = useState(installation.productName ?? '');
  const [logo, setLogo] = useState(installation.logo);
  const [texts, setTexts] = useState<ScopeTexts>(installation.scopeTexts ?? usualScopes);
  const save = useMutation({
    mutationFn: () =>
      changeInstallation({
        productName: productName.trim() === '' ? null : productName,
        logo,
        scopeTexts: isUsual(texts) ? null : texts,
      }),
    onSuccess: async () => {
      await client.invalidateQueries();
      toast('The appearance is saved');
      close();
    },
  });
  const faults = faultsOf(save.error, { productName: asSaid, logo: asSaid, scopeTexts: asSaid });
  return (
    <FormDialog
      title="Appearance"
      size="lg"
      submit="Save"
      close={close}
      task={save}
      failure={faults.rest}
    >
      <TextInput
        label="Product name"
        description="Instead of Keyfence, on every page."
        autoComplete="off"
        maxLength={50}
        value={productName}
        error={faults.of.productName}
        onChange={({ currentTarget }) => {
          setProductName(currentTarget.value);
        }}
      />
      <LogoField logo={logo} change={setLogo} error={faults.of.logo} />
      {scopes.map((scope) => (
        <ScopeFields
          key={scope}
          scope={scope}
          text={texts[scope]}
          change={(text) => {
            setTexts({ ...texts, [scope]: text });
          }}
        />
      ))}
      {faults.of.scopeTexts !== undefined && (
        <Input.Error role="alert">{faults.of.scopeTexts}</Input.Error>
      )}
    </FormDialog>
  );
}

interface ScopeProps {
  scope: keyof ScopeTexts;
  text: ScopeTexts[keyof ScopeTexts];
  change: (text: ScopeProps['text']) => void;
}

function ScopeFields({ scope, text, change }: ScopeProps) {
  const { name } = usualScopes[scope];
  return (
    <Group gap="xs" align="flex-start" className="described">
      <TextInput
        label={`Name of ${name}`}
        required
        autoComplete="off"
        maxLength={30}
        value={text.name}
        onChange={({ currentTarget }) => {
          change({ ...text, name: currentTarget.value });
        }}
      />
      <Textarea
        label={`Meaning of ${name}`}
        required
        rows={2}
        maxLength={200}
        value={text.meaning}
        onChange={({ currentTarget }) => {
          change({ ...text, meaning: currentTarget.value });
        }}
      />
    </Group>
  );
}
