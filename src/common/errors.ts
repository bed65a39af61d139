/**
 * The catalogue of all errors that a client can see: a stable `code`, the HTTP status, and a title that
 * is always the same (RFC 9457, section 3.1.3).
 */
export const catalogue = {
  invalid_request: { status: 400, title: 'The request is not valid.' },
  malformed_json: { status: 400, title: 'The body is not valid JSON.' },
  ambiguous_credentials: { status: 400, title: 'Send exactly one API key, in one header.' },
  key_in_url: { status: 400, title: 'An API key must never travel in a URL.' },
  permission_outside_scope: { status: 400, title: 'Such a key cannot hold this permission.' },
  nothing_to_grant: { status: 400, title: 'The key would hold no permission at all.' },
  expiry_not_allowed: { status: 400, title: 'The key policy does not allow this expiry.' },
  not_in_grants: { status: 400, title: 'The organisation does not hold this permission.' },
  target_not_allowed: { status: 400, title: 'Webhooks may not use this URL.' },
  sign_in_link_invalid: { status: 400, title: 'The link was used already, or is too old.' },
  identity_not_confirmed: {
    status: 400,
    title: 'The identity provider did not confirm who you are. Try again.',
  },
  unauthenticated: { status: 401, title: 'A valid API key is required.' },
  insufficient_permission: { status: 403, title: 'The API key lacks a permission.' },
  ip_not_allowed: { status: 403, title: 'The API key may not be used from this address.' },
  cross_site: { status: 403, title: 'Only the console itself may use its session.' },
  identity_unknown: { status: 403, title: 'Nobody here belongs to this account.' },
  exceeds_issuer: { status: 403, title: 'Nobody can give more than they hold.' },
  not_found: { status: 404, title: 'There is nothing here that you may see.' },
  method_not_allowed: { status: 405, title: 'This method is not supported here.' },
  request_timeout: { status: 408, title: 'The request did not arrive in time.' },
  slug_taken: { status: 409, title: 'Another organisation has this slug.' },
  email_taken: { status: 409, title: 'Another user has this e-mail address.' },
  already_member: { status: 409, title: 'This user is a member already.' },
  removal_under_way: {
    status: 409,
    title: 'Keys that this person had here are still being revoked. Try again later.',
  },
  last_manager: { status: 409, title: 'An organisation keeps at least one active manager.' },
  self_deactivation: { status: 409, title: 'Nobody can deactivate themselves.' },
  key_not_active: { status: 409, title: 'Only an active key can be changed.' },
  org_suspended: { status: 409, title: 'The organisation is suspended.' },
  owner_inactive: { status: 409, title: 'The owner is deactivated.' },
  too_many_keys: { status: 409, title: 'There may not be more live keys.' },
  too_many_webhooks: { status: 409, title: 'An organisation has at most 20 webhooks.' },
  mail_not_set_up: { status: 409, title: 'Sign-in links are not mailed here.' },
  sign_in_links_closed: {
    status: 409,
    title: 'Operators hand out sign-in links only where none can be mailed.',
  },
  no_mail_server: { status: 409, title: 'No mail server is set up.' },
  not_pending: {
    status: 409,
    title: 'There is nobody to invite: the member has opened the organisation.',
  },
  no_identity_provider: { status: 409, title: 'No identity provider is set up.' },
  idempotency_in_progress: {
    status: 409,
    title: 'The first call with this Idempotency-Key is still running. Try again.',
  },
  operator_organisation: {
    status: 409,
    title: 'The operator organisation cannot be changed this way.',
  },
  foreign_service_account: {
    status: 409,
    title: 'A service account belongs to one organisation only.',
  },
  payload_too_large: { status: 413, title: 'The body is larger than 64 KiB.' },
  uri_too_long: { status: 414, title: 'The URL is too long.' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json.' },
  idempotency_mismatch: {
    status: 422,
    title: 'This Idempotency-Key belongs to a call that was not the same.',
  },
  not_narrower: { status: 422, title: 'A key can only be narrowed, never widened.' },
  too_many_failures: {
    status: 429,
    title: 'Too many failed authentications came from this address. Try again later.',
  },
  too_many_invitations: {
    status: 429,
    title: 'This person, or others of the organisation, were invited too often. Try again later.',
  },
  too_many_requests: { status: 429, title: 'Too many requests. Try again later.' },
  headers_too_large: { status: 431, title: 'The headers are too large.' },
  internal: { status: 500, title: 'Something went wrong on our side.' },
  unavailable: { status: 503, title: 'The service cannot respond right now. Try again.' },
  busy: { status: 503, title: 'Somebody else is changing the same thing. Try again.' },
  outcome_unknown: {
    status: 503,
    title: 'It is unknown whether the change was stored. Try again to be sure.',
  },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof catalogue;

/** A refusal that a client sees as an RFC 9457 problem document. */
export class Problem extends Error {
  override readonly name = 'Problem';

  /**
   * @param detail what is special about this occurrence; never contains a secret
   * @param members extension members of the problem document, such as the missing permission
   */
  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
    readonly members: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(detail ?? catalogue[code].title, options);
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  get title(): string {
    return catalogue[this.code].title;
  }
}

/** The result of a pure rule: a value to apply, or the refusal to respond with. */
export type Decision<T> =
  { allowed: true; value: T } | { allowed: false; code: ProblemCode; detail: string };

export function allow<T>(value: T): Decision<T> {
  return { allowed: true, value };
}

export function refuse(code: ProblemCode, detail: string): Decision<never> {
  return { allowed: false, code, detail };
}

/** The value of a decision; a refusal is thrown. */
export function granted<T>(decision: Decision<T>): T {
  if (decision.allowed) return decision.value;
  throw new Problem(decision.code, decision.detail);
}
