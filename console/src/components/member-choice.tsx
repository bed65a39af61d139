import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useId, useState, type KeyboardEvent } from 'react';
import { memberChoicesQuery, memberQuery, type Member } from '../api/members';

interface Props {
  orgId: string;
  label: string;
  /** Who is chosen; nobody in particular without it. */
  value: string | undefined;
  change: (userId: string | undefined) => void;
  /** What it is called that nobody is chosen; somebody has to be without it. */
  none?: string;
  /** Who is not to be had here. */
  except?: string;
  description?: string;
  error?: string;
}

interface Choice {
  id: string | undefined;
  name: string;
  about?: string;
}

const choiceOf = ({ userId, name, kind, email }: Member): Choice => ({
  id: userId,
  name,
  about: kind === 'service' ? 'Service account' : (email ?? undefined),
});

/** What there is to choose from for what was typed. */
function useChoices({ orgId, none, except }: Props, typed: string | undefined): Choice[] {
  const [settled] = useDebouncedValue(typed?.trim() ?? '', 200);
  const { data } = useQuery({
    ...memberChoicesQuery(orgId, settled),
    enabled: typed !== undefined,
  });
  const members = (data?.items ?? []).filter(({ userId }) => userId !== except).map(choiceOf);
  const isNarrowed = (typed ?? '').trim() !== '';
  return none === undefined || isNarrowed ? members : [{ id: undefined, name: none }, ...members];
}

/** The name of who is chosen; the id of somebody who is no member. */
function useChosen({ orgId, value, none = '' }: Props, picked: Choice | undefined): string {
  const isKnown = picked !== undefined && picked.id === value;
  const isUser = !isKnown && value?.startsWith('usr_') === true;
  const { data } = useQuery({ ...memberQuery(orgId, value ?? ''), enabled: isUser });
  if (isKnown) return picked.name;
  return value === undefined ? none : (data?.name ?? value);
}

/** Chooses a member by a part of their name or address: the service searches them, however many there are. */
export function MemberChoice(props: Props) {
  const { label, description, error, none, change } = props;
  const id = useId();
  // What was typed; undefined while there is nothing to choose.
  const [typed, setTyped] = useState<string>();
  const [active, setActive] = useState(0);
  const choices = useChoices(props, typed);
  const [picked, setPicked] = useState<Choice>();
  const chosen = useChosen(props, picked);
  const isOpen = typed !== undefined;
  const at = Math.min(active, choices.length - 1);
  const show = (next: string | undefined) => {
    setTyped(next);
    setActive(0);
  };
  const choose = (choice: Choice | undefined) => {
    if (choice === undefined) return;
    setPicked(choice);
    change(choice.id);
    show(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (isOpen) setActive((at + step + choices.length) % Math.max(choices.length, 1));
      else show('');
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      choose(choices[at]);
    } else if (event.key === 'Escape') show(undefined);
  };
  return (
    <div className="choice">
      <TextInput
        label={label}
        description={description}
        error={error}
        required={none === undefined}
        placeholder="Name or e-mail"
        autoComplete="off"
        maxLength={100}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? `${id}-list` : undefined}
        aria-activedescendant={isOpen && at >= 0 ? `${id}-${at}` : undefined}
        // Escape closes the choices first, and not the dialog that they are in.
        data-mantine-stop-propagation={isOpen}
        value={typed ?? chosen}
        // What is typed replaces the name that is there.
        onFocus={({ currentTarget }) => {
          currentTarget.select();
        }}
        onClick={() => {
          if (!isOpen) show('');
        }}
        onChange={({ currentTarget }) => {
          show(currentTarget.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          show(undefined);
        }}
      />
      {isOpen && <Choices id={id} choices={choices} at={at} choose={choose} />}
    </div>
  );
}

interface ChoicesProps {
  id: string;
  choices: Choice[];
  /** Which of them the keyboard is at. */
  at: number;
  choose: (choice: Choice) => void;
}

function Choices({ id, choices, at, choose }: ChoicesProps) {
  return (
    <ul id={`${id}-list`} className="choices" role="listbox" aria-label="Members">
      {choices.length === 0 && (
        <li role="option" aria-selected={false} aria-disabled>
          Nobody matches
        </li>
      )}
      {choices.map((choice, index) => (
        <li
          key={choice.id ?? ''}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          // Before the field loses the focus, which closes the list.
          onMouseDown={(event) => {
            event.preventDefault();
            choose(choice);
          }}
        >
          {choice.name} <span className="minor">{choice.about}</span>
        </li>
      ))}
    </ul>
  );
}
