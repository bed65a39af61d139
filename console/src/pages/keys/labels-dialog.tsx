import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key } from '../../api/client';
import { changeKey } from '../../api/keys';
import { FormDialog } from '../../components/dialog';
import { toast } from '../../lib/toasts';
import { wordsIn } from '../../lib/words';
import { keyFaults } from './key-faults';
import { areLabelsWrong, LabelFields } from './label-fields';

interface Props {
  apiKey: Key;
  close: () => void;
}

/** Changes the description and the tags of a key, which change nothing about what it may do. */
export function LabelsDialog({ apiKey: key, close }: Props) {
  const client = useQueryClient();
  const [labels, setLabels] = useState({
    description: key.description ?? '',
    tags: key.tags.join(' '),
  });
  const description = labels.description.trim();
  const tags = wordsIn(labels.tags);
  const change = useMutation({
    mutationFn: () =>
      changeKey(key.orgId, key.id, { description: description === '' ? null : description, tags }),
    onSuccess: async () => {
      await client.invalidateQueries();
      toast(`“${key.name}” is described`);
      close();
    },
  });
  const faults = keyFaults(change.error, { tags });
  return (
    <FormDialog
      title={`Describe “${key.name}”`}
      submit="Save"
      disabled={areLabelsWrong(labels)}
      close={close}
      task={change}
      failure={faults.rest}
    >
      <LabelFields labels={labels} change={setLabels} faults={faults.of} />
    </FormDialog>
  );
}
