import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  titles: readonly string[];
  /** Whether a last column holds what can be done. */
  hasActions?: boolean;
  /** Names the table. */
  label: string;
  children: ReactNode;
}

/** A table, whose rows are cards where there is no room for columns. */
export function Rows({ titles, hasActions = false, label, children }: Props) {
  return (
    <table className="rows" aria-label={label}>
      <thead>
        <tr>
          {titles.map((title) => (
            <th key={title}>{title}</th>
          ))}
          {hasActions && (
            <th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </th>
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

interface ActionProps {
  name: string;
  /** Names it apart from that of other rows. */
  label: string;
  /** It takes something away. */
  isDangerous?: boolean;
  isBusy?: boolean;
  /** Of what shows something below the row: whether it does. */
  isOpen?: boolean;
  onClick: () => void;
}

/** What can be done with a row. Quiet, since each row has it. */
export function RowAction(props: ActionProps) {
  const { name, label, isDangerous = false, isBusy, isOpen, onClick } = props;
  return (
    <button
      type="button"
      className={isDangerous ? 'row-action danger' : 'row-action'}
      aria-label={label}
      aria-expanded={isOpen}
      disabled={isBusy}
      onClick={onClick}
    >
      {name}
    </button>
  );
}
