import { StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem } from '../common/errors.js';
import { containsSecret } from '../common/secret.js';

const maxErrors = 20;

class ValidationPipe extends StandardSchemaValidationPipe {
  /**
   * Nest would remove fields such as `prototype` ahead of the check, and so accept what the schema
   * refuses. Nothing needs their removal: schemas are closed and copy only what they name.
   */
  protected override stripProtoKeys(): void {
    // Leaves the value as it came.
  }
}

/** Checks bodies and queries against the schema that the handler names, and says what is wrong. */
export function createValidationPipe(): StandardSchemaValidationPipe {
  return new ValidationPipe({
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
