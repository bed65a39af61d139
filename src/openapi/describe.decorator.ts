import type { Shape } from '../common/json-schema.js';
import type { ProblemCode } from '../common/errors.js';

/** The groups of operations, and what they are about. */
export const tags = {
  Verification: 'Is a key valid, and what may it do?',
  Keys: 'Create, monitor, restrict and revoke API keys.',
  Members: 'Who belongs to an organisation, persons and service accounts.',
  Organisations: 'Organisations, their grants and the policy for their keys.',
  Users: 'The persons and service accounts of the installation.',
  Webhooks: 'Notify programs of what happens in an organisation.',
  Deliveries: 'Messages to people and programs, and their results.',
  Jobs: 'Work that is done later, and jobs that failed.',
  'Audit log': 'What happened in an organisation.',
  Installation: 'Settings of the whole installation, for operators.',
  'Forward authentication': 'For proxies that ask before they let a request pass.',
  Sessions: 'Signing in to the console, and out.',
  Service: 'For machines: health, metrics, this description.',
} as const;

/** A response that is not JSON. */
export interface TextResponse {
  /** The media type. */
  type: string;
  example: string;
  /** Describes each line of the text, which is a JSON document of its own. */
  lines?: Shape;
}

/** What an operation declares besides its access, parameters and schemas. */
export interface Operation<View = object> {
  /** Names the operation for generated clients: never changes. */
  id: string;
  tag: keyof typeof tags;
  /** A few words, in the imperative. */
  summary: string;
  /** Sentences in Markdown. */
  description?: string;
  /** The JSON of a success. */
  response?: Shape<View>;
  /** A success that is not JSON. Without `response` and `text` it has no body. */
  text?: TextResponse;
  /** Whether every response returns the `X-Keyfence-Nonce` of its request. */
  isTied?: boolean;
  /** Headers of a success besides those of every response, and their meaning. */
  headers?: Readonly<Record<string, string>>;
  /** Problems of its own, besides those of its kind of route (see problems.ts). */
  problems?: readonly ProblemCode[];
  /** All problems that it responds with, if the usual ones do not apply. */
  onlyProblems?: readonly ProblemCode[];
}

export const OPERATION = Symbol('operation');

/**
 * Describes an operation for `/openapi.json`. A handler that returns something else than the described
 * response does not compile.
 */
export const Describe =
  <View = unknown>(operation: Operation<View>) =>
  (
    _type: object,
    _method: string,
    { value: handler }: { value?: (...args: never[]) => View | Promise<View> },
  ): void => {
    if (handler !== undefined) Reflect.defineMetadata(OPERATION, operation, handler);
  };
