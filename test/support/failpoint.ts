/** How the names of the statements begin that the fence asks with. */
export const fenceQuery = 'read-fence';

/** A place where a connection is held up once, until the test lets it go on. */
export class Failpoint {
  /** Settles when something waits here. */
  readonly reached: Promise<void>;
  private reach: () => void = () => undefined;
  private held: (() => void)[] = [];
  private isOpen = false;

  /**
   * @param text a message to the server that has it is meant; statements travel as they are written
   * @param holds that message, or what the server responds with from then on
   */
  constructor(
    readonly text: string,
    readonly holds: 'request' | 'response',
  ) {
    this.reached = new Promise((resolve) => {
      this.reach = resolve;
    });
  }

  /** Goes on at once when the failpoint was released already. */
  pass(goOn: () => void): void {
    if (this.isOpen) {
      goOn();
      return;
    }
    this.held.push(goOn);
    this.reach();
  }

  release(): void {
    this.isOpen = true;
    for (const goOn of this.held.splice(0)) goOn();
  }
}
