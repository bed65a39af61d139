import { Box } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from './failure';
import { Loading } from './loading';
import { Pages } from './pages';

interface Props<T, S extends { cursor?: string }> {
  /** What is listed, such as “Keys”. */
  label: string;
  query: UseQueryResult<{ items: T[]; nextCursor: string | null }>;
  /** Where this page stands in the list; left out where one holds all. */
  search?: S;
  change?: (next: S) => void;
  /** Filters of the list. */
  toolbar?: ReactNode;
  /** Stands there when nothing is listed. */
  empty: ReactNode;
  /** Whether it is in a card of its own, or a part of one. */
  isPart?: boolean;
  children: (items: T[]) => ReactNode;
}

/** One page of a list, or that it loads, is empty, or could not be had. */
export function Listing<T, S extends { cursor?: string }>(props: Props<T, S>) {
  const { label, query, search, change, toolbar, empty, isPart = false, children } = props;
  const { data, error, isPending, isFetching, isPlaceholderData } = query;
  return (
    <section className={isPart ? undefined : 'card'} aria-label={label} aria-busy={isFetching}>
      {toolbar}
      {isPending && (
        <Box m="md">
          <Loading label={`${label} are loading`} />
        </Box>
      )}
      {error && (
        <Box m="md">
          <Failure error={error} retry={() => void query.refetch()} />
        </Box>
      )}
      {data && (data.items.length === 0 ? empty : children(data.items))}
      {search && change && (
        <Pages
          search={search}
          next={data?.nextCursor ?? undefined}
          // What still stands there while another list is on its way leads to no page of that one.
          isHeld={isPlaceholderData}
          change={change}
        />
      )}
    </section>
  );
}
