/** What waits, by whom it is for: each in turn, however much one of them has. */
export class FairQueue<T> {
  private readonly queues = new Map<string, T[]>();

  get isEmpty(): boolean {
    return this.queues.size === 0;
  }

  add(party: string, item: T): void {
    const queue = this.queues.get(party);
    if (queue === undefined) this.queues.set(party, [item]);
    else queue.push(item);
  }

  /** The oldest of the party whose turn it is. */
  take(): T | undefined {
    for (const [party, queue] of this.queues) {
      const item = queue.shift();
      this.queues.delete(party);
      // Behind all others.
      if (queue.length > 0) this.queues.set(party, queue);
      return item;
    }
    return undefined;
  }

  /** Everything, in no order. */
  get all(): T[] {
    return [...this.queues.values()].flat();
  }
}
