import { columnsOf, harmless, shortened } from './text.js';

export interface Column<T> {
  title: string;
  of: (item: T) => string;
  /** The least width, so that rows that come later are aligned as well. */
  least?: number;
  /** Whether it may be shortened where a terminal is narrow, with a sign. */
  isElastic?: boolean;
  /** Left out where a terminal is too narrow for all, those with the greatest number first. */
  spare?: number;
}

/** A table as text, and the titles of columns for which there is no room. */
export interface Table {
  header: string;
  rows: string[];
  missing: string[];
}

const gap = '  ';
/** An elastic column is not shortened further. */
const shortest = 12;

interface Sized<T> {
  column: Column<T>;
  cells: string[];
  width: number;
}

const total = (all: readonly Sized<never>[]) =>
  all.reduce((sum, { width }) => sum + width, gap.length * (all.length - 1));

const leastOf = <T>({ column, width }: Sized<T>) =>
  column.isElastic === true ? Math.min(width, shortest) : width;

/** Columns that a terminal has room for. Ids are never cut. */
function fit<T>(all: readonly Sized<T>[], room: number): Sized<T>[] {
  let kept = [...all];
  const tightest = () => kept.map((each) => ({ ...each, width: leastOf(each) }));
  while (total(tightest()) > room) {
    const spare = Math.max(...kept.map(({ column }) => column.spare ?? 0));
    if (spare === 0) break;
    kept = kept.filter(({ column }) => column.spare !== spare);
  }
  for (;;) {
    const [widest] = kept
      .filter((each) => each.width > leastOf(each))
      .sort((a, b) => b.width - a.width);
    const over = total(kept) - room;
    if (widest === undefined || over <= 0) return kept;
    const width = Math.max(leastOf(widest), widest.width - over);
    kept = kept.map((each) => (each === widest ? { ...each, width } : each));
  }
}

/** @param room the columns of the terminal; Infinity shows everything */
export function tableOf<T>(
  columns: readonly Column<T>[],
  items: readonly T[],
  room: number,
): Table {
  const sized = columns.map((column) => {
    const cells = items.map((item) => harmless(column.of(item)));
    const widths = [column.title, ...cells].map(columnsOf);
    const width = widths.reduce((a, b) => Math.max(a, b), column.least ?? 0);
    return { column, cells, width };
  });
  const kept = fit(sized, room);
  const line = (texts: string[]) =>
    texts
      .map((text, n) => {
        const short = shortened(text, kept[n]?.width ?? Infinity);
        return short + ' '.repeat(Math.max(0, (kept[n]?.width ?? 0) - columnsOf(short)));
      })
      .join(gap)
      .trimEnd();
  const shown = new Set(kept.map(({ column }) => column));
  return {
    header: line(kept.map(({ column }) => column.title)),
    rows: items.map((_, n) => line(kept.map(({ cells }) => cells[n] ?? ''))),
    missing: columns.filter((column) => !shown.has(column)).map(({ title }) => title),
  };
}
