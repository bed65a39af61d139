import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { fieldsOf, type Class, type Flaw } from '../common/field.js';
import { invalidRequest } from '../common/invalid-request.js';
import { mayBeEmpty } from '../common/page.js';
import { allFlaws, flawsOf, prune, Unreadable, validation } from '../common/reading.js';

function withoutEmpty(type: Class<object>, query: object): object {
  const fields = fieldsOf(type);
  const isAbsent = (name: string, value: unknown) =>
    value === '' && mayBeEmpty.has(name) && fields.has(name);
  return Object.fromEntries(
    Object.entries(query).filter(([name, value]) => !isAbsent(name, value)),
  );
}

/** Reads bodies and queries by the class of the parameter, and reports what is wrong. */
class InputPipe extends ValidationPipe {
  constructor() {
    super({
      ...validation,
      transform: true,
      exceptionFactory: (errors) => new Unreadable(flawsOf(errors)),
    });
  }

  override async transform(given: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const type = metadata.metatype as Class<object> | undefined;
    if (type === undefined || !this.toValidate(metadata)) return given;
    try {
      const isQuery = metadata.type === 'query';
      const input = isQuery ? withoutEmpty(type, given as object) : given;
      return await this.read(type, input, metadata);
    } catch (error) {
      throw error instanceof Unreadable ? invalidRequest(error.flaws) : error;
    }
  }

  private async read(type: Class<object>, given: unknown, metadata: ArgumentMetadata) {
    const { value, unknown } = prune(type, given);
    let ofFields: readonly Flaw[] = [];
    const input = (await super.transform(value, metadata).catch((error: unknown) => {
      if (!(error instanceof Unreadable)) throw error;
      ofFields = error.flaws;
    })) as object;
    const flaws = allFlaws(type, input, ofFields, unknown);
    if (flaws.length > 0) throw new Unreadable(flaws);
    return input;
  }
}

/** Checks all parameters whose type is a class. */
export const createValidationPipe = (): ValidationPipe => new InputPipe();
