import type { Metric, Registry } from 'prom-client';

type Labels = Record<string, string | number>;

interface Series {
  readonly labels: Labels;
  /** Durations in each bucket, without those in smaller ones; the last bucket has no bound. */
  readonly counts: number[];
  sum: number;
}

interface DurationsOptions {
  name: string;
  help: string;
  /** Upper bounds, in seconds, ascending. */
  buckets: readonly number[];
}

/**
 * A histogram for Prometheus. That of prom-client makes a text of the labels for each observation, and of
 * the bound, which was too much for each verification.
 */
export class Durations {
  private readonly series = new Map<string, Series>();

  constructor(
    private readonly options: DurationsOptions,
    registry: Registry,
  ) {
    const { name, help } = options;
    // The registry asks nothing else of a metric.
    const metric = { name, help, type: 'histogram', get: () => this.export() };
    registry.registerMetric(metric as unknown as Metric);
  }

  /**
   * @param name of the series, unique for its labels
   * @param labelsOf called for the first observation of the series
   */
  observe(seconds: number, name = '', labelsOf: () => Labels = () => ({})): void {
    const { buckets } = this.options;
    let series = this.series.get(name);
    if (series === undefined) {
      series = {
        labels: labelsOf(),
        counts: new Array<number>(buckets.length + 1).fill(0),
        sum: 0,
      };
      this.series.set(name, series);
    }
    let bucket = 0;
    while (bucket < buckets.length && seconds > (buckets[bucket] ?? 0)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  }

  private export() {
    const { name, help } = this.options;
    const values = [...this.series.values()].flatMap((series) => this.valuesOf(series));
    return Promise.resolve({ name, help, type: 'histogram', values });
  }

  private valuesOf({ labels, counts, sum }: Series) {
    const { name, buckets } = this.options;
    let count = 0;
    const cumulated = counts.map((those, index) => {
      count += those;
      const le = buckets[index] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
    });
    return [
      ...cumulated,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
