import { relativeTime, shownDate, shownInstant } from '../lib/time';
import { useNow } from '../lib/use-now';

interface Props {
  at: string;
  /** `both` is the date with how far away it is. */
  as?: 'relative' | 'date' | 'both';
  /** A class for how far away it is. */
  tone?: string;
}

/** A time as people say it. A tooltip shows the exact one. */
export function When({ at, as = 'relative', tone = 'minor' }: Props) {
  const now = useNow();
  const date = new Date(at);
  const ago = relativeTime(date, now);
  return (
    <time dateTime={at} title={shownInstant(date)} className="when">
      {as === 'relative' ? ago : shownDate(date)}
      {as === 'both' && <span className={`minor ${tone}`}> {ago}</span>}
    </time>
  );
}
