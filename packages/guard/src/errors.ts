/** A problem document (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** Never changes, for programs: `insufficient_permission`, for example. */
  code: string;
  detail?: string;
  /** The permission that was missing. */
  permission?: string;
}

/** Keyfence has refused a call. */
export class KeyfenceError extends Error {
  override readonly name = 'KeyfenceError';

  /**
   * @param retryAfter seconds to wait, where Keyfence says so
   * @param message what it means, where that is not what Keyfence says
   */
  constructor(
    readonly problem: Problem,
    readonly retryAfter?: string,
    message = problem.detail ?? problem.title,
  ) {
    super(message);
  }
}

/** It is not known how Keyfence would have responded. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  /** @param options `status` of a response that says nothing about the call, if there was one */
  constructor(message: string, { status, ...options }: ErrorOptions & { status?: number } = {}) {
    super(message, options);
    this.status = status;
  }

  readonly status: number | undefined;
}

/** A request that must not continue, with the response to its client. */
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

  /** The body of the response. */
  get body(): string {
    return JSON.stringify(this.problem);
  }
}
