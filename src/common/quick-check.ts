import { isIPv4, isIPv6 } from 'node:net';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isUUID } from 'class-validator';
import { fieldsOf, modelOf, type Class, type Kind } from './field.js';
import { schemaOf } from './json-schema.js';
import { isDay } from './value-fields.js';

const ajv = new Ajv2020({
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  formats: {
    ipv4: isIPv4,
    ipv6: (text: string) => isIPv6(text) && !text.includes('%'),
    date: isDay,
    uuid: (text: string) => isUUID(text),
  },
});

function isExact({ isExact: isSo = false, item, type }: Kind): boolean {
  return isSo && (item === undefined || isExact(item)) && (type === undefined || isPlain(type));
}

/** Whether the schema expresses everything about the class, and nothing is converted or filled in. */
function isPlain(type: Class<object>): boolean {
  const fields = [...fieldsOf(type).values()];
  return (
    modelOf(type).rule === undefined &&
    fields.every(({ kind, isPreset }) => kind !== undefined && isExact(kind) && !isPreset)
  );
}

/**
 * A function that checks whether a value is valid as it came, many times as fast as class-validator. It
 * does not say what is wrong with one that is not; `read` does.
 *
 * @throws Error for a class whose schema does not express everything
 */
export function quickCheckOf<T extends object>(type: Class<T>): (value: unknown) => value is T {
  if (!isPlain(type)) throw new Error(`the schema of ${type.name} does not express everything`);
  return ajv.compile<T>(schemaOf(type));
}
