import { Button, Group, Input, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeInstallation, type DataPermission } from '../../api/installation';
import { FormDialog } from '../../components/dialog';
import { asSaid, faultsOf } from '../../lib/faults';
import { toast } from '../../lib/toasts';
import { permissionFault } from './grants-field';

interface Props {
  described: DataPermission[];
  close: () => void;
}

const empty: DataPermission = { permission: '', description: '' };
const isEmpty = ({ permission, description }: DataPermission) => permission + description === '';

/** Describes the permissions on the data of the product, for all organisations. */
export function PermissionsDialog({ described, close }: Props) {
  const client = useQueryClient();
  const [rows, setRows] = useState([...described, empty]);
  const filled = rows.filter((row) => !isEmpty(row));
  const save = useMutation({
    mutationFn: () => changeInstallation({ dataPermissions: filled }),
    onSuccess: async () => {
      await client.invalidateQueries();
      toast('The data permissions are described');
      close();
    },
  });
  const { of, rest } = faultsOf(save.error, {
    dataPermissions: (message, index, field) => {
      const { permission = '' } = filled[index] ?? {};
      if (field === 'permission') return permissionFault(permission, message);
      return permission === '' ? asSaid(message) : `“${permission}”: ${message}`;
    },
  });
  return (
    <FormDialog
      title="Data permissions"
      size="lg"
      submit="Save"
      close={close}
      task={save}
      failure={rest}
    >
      <Text c="dimmed">
        Describe each permission once, such as telemetry:read. After the colon: read, write or
        admin. Forms offer these. Removing one here takes it from nobody.
      </Text>
      {rows.map((row, index) => (
        <Row
          // Rows have no other identity while they are typed.
          key={index}
          row={row}
          number={index + 1}
          change={(next) => {
            setRows(rows.map((each, at) => (at === index ? next : each)));
          }}
        />
      ))}
      {of.dataPermissions !== undefined && (
        <Input.Error role="alert">{of.dataPermissions}</Input.Error>
      )}
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        onClick={() => {
          setRows([...rows, empty]);
        }}
      >
        Add a row
      </Button>
    </FormDialog>
  );
}

interface RowProps {
  row: DataPermission;
  number: number;
  change: (row: DataPermission) => void;
}

/** A row whose fields are both empty is removed. */
function Row({ row, number, change }: RowProps) {
  return (
    <Group gap="xs" align="flex-start" className="described">
      <TextInput
        aria-label={`Permission ${number}`}
        placeholder="resource:action"
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        value={row.permission}
        onChange={({ currentTarget }) => {
          change({ ...row, permission: currentTarget.value.trim() });
        }}
      />
      <TextInput
        aria-label={`Description ${number}`}
        placeholder="What it lets people do"
        autoComplete="off"
        maxLength={200}
        value={row.description}
        onChange={({ currentTarget }) => {
          change({ ...row, description: currentTarget.value });
        }}
      />
    </Group>
  );
}
