import type { z } from 'zod';
import type { ProblemCode } from '../common/errors.js';

/** The groups of operations, and what they are about. */
export const tags = {
  Verification: 'Is a key good, and for what?',
  Keys: 'Create, watch, narrow and revoke API keys.',
  Members: 'Who belongs to an organisation, persons and service accounts.',
  Organisations: 'Organisations, their grants and the policy for their keys.',
  Users: 'The persons and service accounts of the installation.',
  Webhooks: 'Tell programs what happens in an organisation.',
  Deliveries: 'What people and programs are told, and what became of it.',
  Jobs: 'What is done later, and what could not be done.',
  'Audit log': 'What happened in an organisation.',
  'Forward authentication': 'For proxies that ask before they let a request pass.',
  Sessions: 'Signing in to the console, and out.',
  Service: 'For machines: health, metrics, this description.',
} as const;

/** An answer that is not JSON. */
export interface TextAnswer {
  /** The media type. */
  type: string;
  example: string;
  /** Describes each line of the text, which is a JSON document of its own. */
  lines?: z.ZodType;
}

/** What an operation says of itself, beyond what its access, its parameters and schemas say. */
export interface Operation<Answer extends z.ZodType = z.ZodType> {
  /** Names the operation for generated clients: never changes. */
  id: string;
  tag: keyof typeof tags;
  /** A few words, in the imperative. */
  summary: string;
  /** Sentences in Markdown. */
  description?: string;
  /** The JSON of a success. */
  answer?: Answer;
  /** The success where it is not JSON. Without `answer` and `text` it has no body. */
  text?: TextAnswer;
  /** Headers of a success beyond those of every answer, and what they mean. */
  headers?: Readonly<Record<string, string>>;
  /** Problems of its own, beyond those that its kind of route brings (see problems.ts). */
  problems?: readonly ProblemCode[];
  /** All problems that it answers with, where the usual ones do not apply. */
  onlyProblems?: readonly ProblemCode[];
}

export const OPERATION = Symbol('operation');

/**
 * Describes an operation for `/openapi.json`. A handler that returns something else than the answer
 * that is described does not compile.
 */
export const Describe =
  <Answer extends z.ZodType = z.ZodUnknown>(operation: Operation<Answer>) =>
  (
    _type: object,
    _method: string,
    {
      value: handler,
    }: { value?: (...args: never[]) => z.output<Answer> | Promise<z.output<Answer>> },
  ): void => {
    if (handler !== undefined) Reflect.defineMetadata(OPERATION, operation, handler);
  };
