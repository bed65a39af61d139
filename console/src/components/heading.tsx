import { Group, Text } from '@mantine/core';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import type { ReactNode } from 'react';
import { Icon } from './icon';

interface Props {
  title: string;
  /** Names what the title stands above. */
  id?: string;
  /** Says what the page is for. */
  text?: ReactNode;
  /** The link to the page that this one belongs to. */
  parent?: ReactNode;
  /** Beside the title, such as a state. */
  beside?: ReactNode;
  /** What can be done here. */
  children?: ReactNode;
}

/** The top of a page. */
export function Heading({ title, id, text, parent, beside, children }: Props) {
  return (
    <div>
      {parent !== undefined && (
        <nav className="crumbs" aria-label="Breadcrumbs">
          {parent}
          <Icon of={IconChevronRight} size={14} />
          <span aria-current="page" className="name">
            {title}
          </span>
        </nav>
      )}
      <Group justify="space-between" align="flex-start">
        <div className="heading">
          <Group gap="sm">
            <h1 id={id} className="name">
              {title}
            </h1>
            {beside}
          </Group>
          {text !== undefined && (
            <Text c="dimmed" mt={2}>
              {text}
            </Text>
          )}
        </div>
        {children}
      </Group>
    </div>
  );
}
