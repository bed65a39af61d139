import { NativeSelect } from '@mantine/core';
import { useAppearance } from '../../api/installation';
import { dayChoices, type KeySearch } from '../../api/keys';
import { MemberChoice } from '../../components/member-choice';
import { TextFilter } from '../../components/text-filter';

interface Props {
  orgId: string;
  search: KeySearch;
  update: (next: KeySearch) => void;
  hasOwners: boolean;
}

/** How many of these filters are set. */
export const moreSet = ({ owner, scope, tag, age, expires, unused }: KeySearch): number =>
  [owner, scope, tag, age, expires, unused].filter((each) => each !== undefined).length;

type Choices = { value: string; label: string }[];

const labelled = (days: number[], label: (days: number) => string): Choices =>
  days.map((each) => ({ value: String(each), label: label(each) }));

const days = {
  age: {
    label: 'Age',
    choices: [
      ...labelled(dayChoices.age, (each) => `At most ${each} days`),
      ...labelled(
        dayChoices.age.map((each) => -each),
        (each) => `More than ${-each} days`,
      ),
    ],
  },
  expires: {
    label: 'Expiring',
    choices: labelled(dayChoices.expires, (each) => `Within ${each} days`),
  },
  unused: {
    label: 'Unused',
    choices: labelled(dayChoices.unused, (each) => `For ${each} days`),
  },
};

/** Filters that are seldom needed. */
export function MoreFilters({ orgId, search, update, hasOwners }: Props) {
  const { scopes } = useAppearance();
  return (
    <div className="toolbar">
      {hasOwners && (
        <MemberChoice
          orgId={orgId}
          label="Owner"
          none="Anyone"
          value={search.owner}
          change={(owner) => {
            update({ owner });
          }}
        />
      )}
      <NativeSelect
        label="Scope"
        value={search.scope ?? ''}
        data={[
          { value: '', label: 'Any' },
          ...Object.entries(scopes).map(([value, { name }]) => ({ value, label: name })),
        ]}
        onChange={({ currentTarget: { value } }) => {
          update({ scope: value === '' ? undefined : (value as KeySearch['scope']) });
        }}
      />
      <TextFilter
        label="Tag"
        most={30}
        given={search.tag}
        change={(tag) => {
          update({ tag });
        }}
      />
      {(['age', 'expires', 'unused'] as const).map((name) => (
        <NativeSelect
          key={name}
          label={days[name].label}
          value={search[name] ?? ''}
          data={[{ value: '', label: 'Any' }, ...days[name].choices]}
          onChange={({ currentTarget: { value } }) => {
            update({ [name]: value === '' ? undefined : Number(value) });
          }}
        />
      ))}
    </div>
  );
}
