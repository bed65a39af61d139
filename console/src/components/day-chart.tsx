import { Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';

export interface Day {
  /** As 2026-11-30, in UTC. */
  day: string;
  uses: number;
}

const height = 176;
/** Room for the labels. */
const [left, bottom, top] = [36, 22, 8];

/** A round number that is not less, so that the axis has round numbers as well. */
function roundUp(most: number): number {
  if (most <= 4) return 4;
  const unit = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 4, 5, 10].find((each) => each * unit >= most) ?? 10;
  return step * unit;
}

const short = (count: number) => count.toLocaleString('en', { notation: 'compact' });

const dayName = (day: string) =>
  new Date(day).toLocaleDateString(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Requests on each of some days, as bars with an axis, in words, and as a table. */
export function DayChart({ days }: { days: Day[] }) {
  const total = days.reduce((sum, { uses }) => sum + uses, 0);
  const peak = Math.max(0, ...days.map(({ uses }) => uses));
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Text>
          <b>{total.toLocaleString()}</b> {total === 1 ? 'request' : 'requests'} in {days.length}{' '}
          days
        </Text>
        <Text className="minor">Peak: {peak.toLocaleString()} a day</Text>
      </Group>
      <Bars days={days} most={roundUp(peak)} />
      <details>
        <summary>Show as a table</summary>
        <table>
          <thead>
            <tr>
              <th>Day (UTC)</th>
              <th>Requests</th>
            </tr>
          </thead>
          <tbody>
            {[...days].reverse().map(({ day, uses }) => (
              <tr key={day}>
                <td>{day}</td>
                <td>{uses.toLocaleString()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

/** In pixels of the page, so that the labels are as large as other text. */
function Bars({ days, most }: { days: Day[]; most: number }) {
  const { ref, width } = useElementSize();
  const inner = height - bottom - top;
  const step = Math.max(0, width - left) / days.length;
  const yOf = (uses: number) => top + inner - (uses / most) * inner;
  // A label needs some 60 pixels.
  const every = Math.max(1, Math.ceil(60 / Math.max(1, step)));
  return (
    <div ref={ref}>
      <svg className="chart" viewBox={`0 0 ${Math.max(1, width)} ${height}`} aria-hidden>
        {[0, most / 2, most].map((uses) => (
          <g key={uses}>
            <line x1={left} x2={width} y1={yOf(uses)} y2={yOf(uses)} />
            <text x={left - 8} y={yOf(uses) + 4} textAnchor="end">
              {short(uses)}
            </text>
          </g>
        ))}
        {days.map(({ day, uses }, index) => (
          <g key={day}>
            <rect
              x={left + index * step + step * 0.15}
              y={uses === 0 ? yOf(0) : Math.min(yOf(uses), yOf(0) - 2)}
              width={step * 0.7}
              height={uses === 0 ? 0 : Math.max(2, yOf(0) - yOf(uses))}
              rx={Math.min(2, step * 0.2)}
            >
              <title>{`${dayName(day)}: ${uses.toLocaleString()}`}</title>
            </rect>
            {(days.length - 1 - index) % every === 0 && index * step > 20 && (
              <text
                x={Math.min(left + (index + 0.5) * step, width - 18)}
                y={height - 6}
                textAnchor="middle"
              >
                {dayName(day)}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}
