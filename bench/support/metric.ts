/**
 * A figure of a text for Prometheus.
 *
 * @param series its name, with labels where it has some
 */
export function readMetric(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  if (line === undefined) throw new Error(`/metrics does not have ${series}`);
  return Number(line.slice(series.length + 1));
}
