import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Class } from '../common/field.js';
import { readBody } from '../common/invalid-request.js';

export function optionalBody(type: Class<object>, context: ExecutionContext): object {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  return readBody(type, body === undefined ? {} : body);
}

/**
 * A body that may be left out, and with it all of its fields. It does not go through the pipe that reads
 * the others.
 */
export const OptionalBody: (type: Class<object>) => ParameterDecorator =
  createParamDecorator(optionalBody);
