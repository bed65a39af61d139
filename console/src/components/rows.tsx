import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  /** Of the columns; what is put out for screen readers alone can stand there, too. */
  titles: readonly ReactNode[];
  /** Names the table, where a heading does. */
  labelledBy?: string;
  children: ReactNode;
}

/** A table, whose rows are cards where there is no room for columns. */
export function Rows({ titles, labelledBy, children }: Props) {
  return (
    <Table
      className="rows"
      verticalSpacing="sm"
      horizontalSpacing="md"
      highlightOnHover
      aria-labelledby={labelledBy}
    >
      <Table.Thead>
        <Table.Tr>
          {titles.map((title, column) => (
            <Table.Th key={column}>{title}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  );
}
