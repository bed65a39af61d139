/**
 * Milliseconds by which an event may be older than one before it in the chain. Events have the time at
 * which their transaction began, but the order in which they were committed. And after a failover the
 * clocks of two servers differ.
 */
const slack = 10 * 60_000;

interface Place {
  seq: number;
  /** Milliseconds since 1970. */
  time: number;
}

const shown = (time: number) =>
  Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : '(invalid)';

/**
 * Compares the times of events with their order in the chain. An event that was added long after its
 * time comes after younger ones, though all hashes are right.
 */
export class TimeOrder {
  private latest: Place = { seq: 0, time: Number.NEGATIVE_INFINITY };
  private first: string | undefined;
  private others = 0;

  /** @param time of the event, in milliseconds since 1970 */
  add(seq: number, eventId: string, time: number): void {
    if (Number.isFinite(time) && time >= this.latest.time - slack) {
      if (time > this.latest.time) this.latest = { seq, time };
    } else if (this.first === undefined) {
      this.first = this.describe(seq, eventId, time);
    } else {
      this.others += 1;
    }
  }

  /** The first event that is out of order, and how many follow; undefined when all are in order. */
  get finding(): string | undefined {
    const more = this.others === 0 ? '' : ` (and ${this.others} more)`;
    return this.first && `${this.first}${more}`;
  }

  private describe(seq: number, eventId: string, time: number): string {
    const { seq: before, time: latest } = this.latest;
    const than =
      before === 0
        ? 'no event can have that'
        : `row ${before} before it was written at ${shown(latest)}`;
    return (
      `row ${seq}: event ${eventId} has the time ${shown(time)}, but ${than}: ` +
      'it was added later than it says, or the clock of the database was set back'
    );
  }
}
