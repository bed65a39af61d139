import { Textarea, TextInput } from '@mantine/core';
import type { Faults } from '../../lib/faults';
import { wordsIn } from '../../lib/words';

/** What people find a key by, and know what it is for. */
export interface Labels {
  description: string;
  /** As they were typed. */
  tags: string;
}

/** As many as the service takes. */
const most = { characters: 500, tags: 10 };

/** What is wrong with them before they are sent. */
function labelFaults({ description, tags }: Labels): Partial<Labels> {
  const length = [...description.trim()].length;
  const count = wordsIn(tags).length;
  return {
    ...(length > most.characters && {
      description: `A description has at most ${most.characters} characters. This one has ${length}.`,
    }),
    ...(count > most.tags && {
      tags: `A key has at most ${most.tags} tags. These are ${count}.`,
    }),
  };
}

export const areLabelsWrong = (labels: Labels): boolean =>
  Object.keys(labelFaults(labels)).length > 0;

interface Props {
  labels: Labels;
  change: (labels: Labels) => void;
  /** What the service says is wrong. */
  faults: Faults['of'];
}

export function LabelFields({ labels, change, faults }: Props) {
  const own = labelFaults(labels);
  return (
    <>
      <Textarea
        label="Description"
        description="What it is for, whom to ask, where it runs. No secrets: everybody who sees the key sees it."
        autoComplete="off"
        rows={3}
        value={labels.description}
        error={own.description ?? faults.description}
        onChange={({ currentTarget }) => {
          change({ ...labels, description: currentTarget.value });
        }}
      />
      <TextInput
        label="Tags"
        description={`Up to ${most.tags} words to find it by, such as “hall-3 production”.`}
        autoComplete="off"
        value={labels.tags}
        error={own.tags ?? faults.tags}
        onChange={({ currentTarget }) => {
          change({ ...labels, tags: currentTarget.value });
        }}
      />
    </>
  );
}
