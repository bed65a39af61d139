import { StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem } from '../common/errors.js';
import { containsSecret } from '../common/secret.js';

const maxErrors = 20;

/** Checks bodies and queries against the schema that the handler names, and says what is wrong. */
export function createValidationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => {
      const errors = issues.slice(0, maxErrors).map(({ path = [], message }) => ({
        path: path
          .map((segment) => String(typeof segment === 'object' ? segment.key : segment))
          .join('.'),
        message: message.slice(0, 300),
      }));
      // Messages quote names of fields that the client chose.
      if (containsSecret(JSON.stringify(errors))) return new Problem('invalid_request');
      const detail = errors
        .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
        .join('; ');
      return new Problem('invalid_request', detail, { errors });
    },
  });
}
