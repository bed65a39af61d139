/**
 * What is known of one switch, at a moment of the sweep. `…Since`: it was surely so at some instant
 * after this time; the latest such time. `…Until`: a change that makes it so, and that has begun,
 * takes effect before this time; the latest such time.
 */
class Side {
  /** By a change that succeeded. */
  changedSince = -Infinity;
  /** By a reading that nothing else explains. */
  seenSince = -Infinity;
  until = -Infinity;
}

export interface Switch {
  on: Side;
  off: Side;
}

/** How a switch stood when a request began. */
export interface Before {
  onSince: number;
  offChangedSince: number;
  offSeenSince: number;
}

export class Switches {
  private readonly all = new Map<string, Switch>();

  /** A switch is on until something turns it off. */
  get(name: string): Switch {
    let found = this.all.get(name);
    if (found === undefined) {
      found = { on: new Side(), off: new Side() };
      found.on.changedSince = -Number.MAX_VALUE;
      this.all.set(name, found);
    }
    return found;
  }

  before(name: string): Before {
    const { on, off } = this.get(name);
    return {
      onSince: Math.max(on.changedSince, on.seenSince),
      offChangedSince: off.changedSince,
      offSeenSince: off.seenSince,
    };
  }
}
