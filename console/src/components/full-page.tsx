import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client';
import { useTitle } from '../lib/use-title';
import { Brand } from './brand';

interface Props {
  title: string;
  /** Whether nothing else is on the screen. */
  isAlone?: boolean;
  children: ReactNode;
}

/** Instead of a page: what is the matter, and where to go from there. */
export function FullPage({ title, isAlone = false, children }: Props) {
  useTitle(title);
  const Element = isAlone ? 'main' : 'div';
  return (
    <Element className="full-page">
      <Stack gap="sm" align="flex-start">
        {isAlone && (
          <span className="brand">
            <Brand />
          </span>
        )}
        <h1>{title}</h1>
        {children}
      </Stack>
    </Element>
  );
}

export function NotFound({ isAlone = false }: { isAlone?: boolean }) {
  return (
    <FullPage title="Page not found" isAlone={isAlone}>
      <Text>The address may be mistyped, or you may not have access to this page.</Text>
      <Anchor href="/">Go to the start page</Anchor>
    </FullPage>
  );
}

/** Where nothing could be loaded. A retry loads the page again from where it is. */
export function Unreachable({ error, isAlone = true }: { error: Error; isAlone?: boolean }) {
  const router = useRouter();
  const problem = error instanceof ApiError ? error.problem : undefined;
  const isAway = problem?.status === 0 || (problem?.status ?? 0) >= 500;
  return (
    <FullPage title={problem?.title ?? 'This page did not load'} isAlone={isAlone}>
      <Text role="alert">
        {isAway
          ? 'The service may be restarting, or your connection is interrupted.'
          : (problem?.detail ?? 'Something went wrong while the page was loading.')}
      </Text>
      {error instanceof ApiError && error.requestId !== undefined && (
        <Text className="minor">Request {error.requestId}</Text>
      )}
      <Group mt="xs">
        <Button onClick={() => void router.invalidate()}>Try again</Button>
      </Group>
    </FullPage>
  );
}
