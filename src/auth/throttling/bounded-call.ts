import type { Leave } from './call-slots.js';

/**
 * A call that holds slots. It releases them when its response is made and the exchange is over: the
 * work continues after a client has gone away, and a streamed response still reads from the store.
 */
export class BoundedCall {
  private readonly leaves: Leave[] = [];
  private hasResponse = false;
  private isClosed = false;

  /** @param digest of the credential in the request */
  constructor(readonly digest: string | undefined) {}

  hold(leave: Leave): void {
    this.leaves.push(leave);
    this.leaveIfOver();
  }

  /** The response is made. */
  responded(): void {
    this.hasResponse = true;
    this.leaveIfOver();
  }

  /** The response is sent, or the client has gone away. */
  closed(): void {
    this.isClosed = true;
    this.leaveIfOver();
  }

  private leaveIfOver(): void {
    if (!this.hasResponse || !this.isClosed) return;
    for (const leave of this.leaves.splice(0)) leave();
  }
}
