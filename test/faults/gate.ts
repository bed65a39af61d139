/** Keeps what must not happen now waiting. */
export class Gate {
  private inside = 0;
  private opened: Promise<void> | undefined;
  private onEmpty: () => void = () => undefined;

  /** Does the work as soon as the gate is open. */
  async pass(work: () => Promise<void>): Promise<void> {
    while (this.opened !== undefined) await this.opened;
    this.inside += 1;
    try {
      await work();
    } finally {
      this.inside -= 1;
      if (this.inside === 0) this.onEmpty();
    }
  }

  /** Does the work while nobody else is inside. One at a time may ask for that. */
  async alone(work: () => Promise<void>): Promise<void> {
    let open: () => void = () => undefined;
    this.opened = new Promise((resolve) => {
      open = resolve;
    });
    try {
      if (this.inside > 0) await new Promise<void>((resolve) => (this.onEmpty = resolve));
      await work();
    } finally {
      this.onEmpty = () => undefined;
      this.opened = undefined;
      open();
    }
  }
}
