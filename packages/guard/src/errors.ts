/** What was wrong, after RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** Stays the same, for programs: `insufficient_permission`, for example. */
  code: string;
  detail?: string;
  /** The permission that was lacking. */
  permission?: string;
}

/** Keyfence has refused a call. */
export class KeyfenceError extends Error {
  override readonly name = 'KeyfenceError';

  /** @param retryAfter seconds to wait, where Keyfence says so */
  constructor(
    readonly problem: Problem,
    readonly retryAfter?: string,
  ) {
    super(problem.detail ?? problem.title);
  }
}

/** Nobody knows what Keyfence would have answered. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** A request that must not go on, as its client is to be answered. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly problem: Problem,
    readonly headers: Record<string, string>,
    options?: ErrorOptions,
  ) {
    super(problem.detail ?? problem.title, options);
  }

  get status(): number {
    return this.problem.status;
  }

  /** The body of the answer. */
  get body(): string {
    return JSON.stringify(this.problem);
  }
}
