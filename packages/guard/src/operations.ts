import type { operations } from './schema.js';

type Name = keyof operations;

/** The query of an operation of the API. */
export type QueryOf<N extends Name> = NonNullable<operations[N]['parameters']['query']>;

/** The body of the response when it succeeds. */
export type ResultOf<N extends Name> = operations[N]['responses'] extends {
  200: { content: { 'application/json': infer Body } };
}
  ? Body
  : operations[N]['responses'] extends { 201: { content: { 'application/json': infer Body } } }
    ? Body
    : never;
