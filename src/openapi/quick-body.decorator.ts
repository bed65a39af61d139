import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Class } from '../common/field.js';
import { invalidRequest } from '../common/invalid-request.js';
import { quickReaderOf } from '../common/quick-check.js';
import { read, Unreadable } from '../common/reading.js';

/** What a handler declares about its body. */
export interface QuickBodyOf {
  type: Class<object>;
  read: (body: unknown) => object;
  /** Whether there need not be one. */
  isOptional?: boolean;
}

export function quickBody({ read }: QuickBodyOf, context: ExecutionContext): object {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  try {
    return read(body);
  } catch (error) {
    throw error instanceof Unreadable ? invalidRequest(error.flaws) : error;
  }
}

const OfBody = createParamDecorator(quickBody);

/**
 * The body of a route that is called very often. It does not go through the pipe that reads the others.
 * A check that was compiled from the schema of its class comes first, and is usually enough.
 */
export const QuickBody = (type: Class<object>): ParameterDecorator =>
  OfBody({ type, read: quickReaderOf(type) });

/** A body that may be left out, and with it all of its fields. */
export const OptionalBody = (type: Class<object>): ParameterDecorator =>
  OfBody({
    type,
    read: (body) => read(type, body === undefined ? {} : body),
    isOptional: true,
  });
