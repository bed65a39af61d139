import type { OrgId } from '../common/ids.js';

/** Limits how many deliveries each organisation may have running in this process. */
export class OrgSlots {
  private readonly taken = new Map<OrgId, number>();

  constructor(private readonly most: number) {}

  /**
   * Does work in a slot of the organisation. The slot is free again when the work has ended, even if
   * nobody waits for it any more.
   *
   * @returns false if no slot was free, and nothing was done
   */
  async run(orgId: OrgId, work: () => Promise<void>): Promise<boolean> {
    const taken = this.taken.get(orgId) ?? 0;
    if (taken >= this.most) return false;
    this.taken.set(orgId, taken + 1);
    try {
      await work();
      return true;
    } finally {
      const left = (this.taken.get(orgId) ?? 1) - 1;
      if (left === 0) this.taken.delete(orgId);
      else this.taken.set(orgId, left);
    }
  }
}
