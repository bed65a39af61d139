import { relativeTime, shownDate, shownInstant } from '../lib/time';
import { useNow } from '../lib/use-now';

/** An instant as people say it; the exact one is told to whoever rests the pointer on it. */
export function When({ at, as = 'relative' }: { at: string; as?: 'relative' | 'date' }) {
  const now = useNow();
  const date = new Date(at);
  return (
    <time dateTime={at} title={shownInstant(date)}>
      {as === 'date' ? shownDate(date) : relativeTime(date, now)}
    </time>
  );
}
