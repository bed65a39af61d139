import type { Route } from '../../openapi/routes.js';
import type { Principal } from '../../permissions/principal.js';
import type { Finding, Findings, Verification } from '../verifier.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route that the plugin serves. */
    hot?: HotRoute;
  }
}

/** A request with a valid key. */
export interface HotCall<Body = unknown> {
  readonly caller: Principal;
  /** The number of the state that the caller was judged on. */
  readonly authSeq: number;
  readonly body: Body;
  readonly params: Readonly<Record<string, string | undefined>>;
  /** What was found of the keys that the request asks about, on the same state. */
  readonly subjects: Findings['others'];
  /** Judges one of these as a key that is being used. */
  readonly judge: (
    subject: Finding | undefined,
    ip?: string,
    userAgent?: string,
    count?: number,
  ) => Verification;
}

export interface HotResponse {
  /** JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A key that the request asks about is refused: that is logged. */
  readonly isRefusal?: boolean;
  /** It is not sent before. */
  readonly settled?: Promise<void> | undefined;
}

/**
 * A route that services wait for in each of their requests, as one object: Fastify serves it without
 * Nest. `/openapi.json` and the tests of access read it as well.
 */
export interface HotRoute<Body = unknown> extends Route {
  /** Every valid key may call it. */
  readonly access: { readonly kind: 'any-key' };
  /** Bytes; without it that of all routes. */
  readonly bodyLimit?: number;
  /** The secrets that the request asks about. They are looked up together with the caller's own. */
  subjectsOf?(body: Body): string[];
  /** @throws Problem */
  respond(call: HotCall<Body>): HotResponse;
}
