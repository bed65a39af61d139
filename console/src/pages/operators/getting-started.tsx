import { Button, Text } from '@mantine/core';
import IconCircle from '@tabler/icons-react/icons/IconCircle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { progressQuery, type Progress } from '../../api/progress';
import { AnchorLink } from '../../components/anchor-link';
import { Icon } from '../../components/icon';
import { Section } from '../../components/section';
import { setStartHidden, isStartHidden } from '../../lib/getting-started';

interface Step {
  title: string;
  isDone: boolean;
  text: ReactNode;
}

interface Props {
  /** The organisation of the operators. */
  operatorId: string;
}

/** What an operator does first, and how far that is. It goes when the first key was verified. */
export function GettingStarted({ operatorId }: Props) {
  const [isHidden, setHidden] = useState(isStartHidden);
  const progress = useQuery({ ...progressQuery(operatorId), enabled: !isHidden });
  if (isHidden || progress.data === undefined || progress.data.hasVerified) return null;
  const steps = stepsOf(progress.data, operatorId);
  const done = steps.filter(({ isDone }) => isDone).length;
  return (
    <Section
      title={`Getting started: ${done} of ${steps.length} done`}
      isFlush
      action={
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            setStartHidden();
            setHidden(true);
          }}
        >
          Hide
        </Button>
      }
    >
      <ol className="lines steps">
        {steps.map(({ title, isDone, text }) => (
          <li key={title} className={isDone ? 'done' : undefined}>
            <Icon of={isDone ? IconCircleCheck : IconCircle} size={20} />
            <div>
              <Text fw={550}>
                {title}
                {isDone && <span className="minor"> (done)</span>}
              </Text>
              {!isDone && <Text className="minor">{text}</Text>}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function stepsOf(progress: Progress, operatorId: string): Step[] {
  const { org, hasManager, hasServiceKey, hasVerified } = progress;
  return [
    {
      title: 'Create an organisation',
      isDone: org !== undefined,
      text: 'One for each customer whose people and programs get keys. See the button above.',
    },
    {
      title: 'Set its data permissions',
      isDone: (org?.grants.length ?? 0) > 0,
      text: 'What its keys may do in your product, such as telemetry:read. See “Permissions” below.',
    },
    {
      title: 'Add its first manager',
      isDone: hasManager,
      text:
        org === undefined ? (
          'Managers add everybody else, and see all keys.'
        ) : (
          <>
            Managers add everybody else, and see all keys.{' '}
            <AnchorLink inherit to="/$orgId/configuration/members" params={{ orgId: org.id }}>
              Members of {org.name}
            </AnchorLink>
          </>
        ),
    },
    {
      title: 'Create a service key',
      isDone: hasServiceKey,
      text: (
        <>
          Your service verifies keys with it. Choose “Service that verifies keys”.{' '}
          <AnchorLink
            inherit
            to="/$orgId/configuration/api-keys"
            params={{ orgId: operatorId }}
            search={{ create: true }}
          >
            Create a service key
          </AnchorLink>
        </>
      ),
    },
    {
      title: 'Verify the first key',
      isDone: hasVerified,
      text: (
        <>
          Let your service call POST /v1/verify. <a href="/docs">API reference</a>
        </>
      ),
    },
  ];
}
