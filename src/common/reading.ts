import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError, type ValidatorOptions } from 'class-validator';
import { fieldsOf, modelOf, type Class, type Flaw, type Kind } from './field.js';
import { isObject } from './value-fields.js';

/** How class-validator checks what was read. */
export const validation = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false, value: true },
} as const satisfies ValidatorOptions;

/** Input from outside that cannot be read. */
export class Unreadable extends Error {
  constructor(readonly flaws: readonly Flaw[]) {
    super(
      flaws.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
    );
  }
}

const within = (parent: string, name: string) => (parent === '' ? name : `${parent}.${name}`);

/** The known fields of the input, and the unknown ones. */
interface Pruned {
  value: unknown;
  unknown: Flaw[];
}

function pruneObject(type: Class<object>, value: object, path: string): Pruned {
  const fields = fieldsOf(type);
  const entries = Object.entries(value) as [string, unknown][];
  const known = entries.flatMap(([name, each]) => {
    const { kind } = fields.get(name) ?? {};
    return kind ? [[name, pruneField(kind, each, within(path, name))] as const] : [];
  });
  const strange = entries.map(([name]) => name).filter((name) => !fields.has(name));
  const message = `unknown field ${strange.join(', ')}`;
  return {
    value: Object.fromEntries(known.map(([name, pruned]) => [name, pruned.value])),
    unknown: [
      ...known.flatMap(([, pruned]) => pruned.unknown),
      ...(strange.length > 0 ? [{ path, message, unknown: strange }] : []),
    ],
  };
}

function pruneField({ item, type }: Kind, value: unknown, path: string): Pruned {
  if (item !== undefined && Array.isArray(value)) {
    const entries = value.map((each, index) => pruneField(item, each, within(path, String(index))));
    return {
      value: entries.map((each) => each.value),
      unknown: entries.flatMap(({ unknown }) => unknown),
    };
  }
  if (type !== undefined && isObject(value)) return pruneObject(type, value, path);
  // The type is wrong. The check reports that without the contents, which can be nested to any depth.
  if (typeof value === 'object' && value !== null) value = Array.isArray(value) ? [] : {};
  return { value, unknown: [] };
}

/**
 * Removes all fields that the class does not have, at all depths. This comes before class-transformer
 * and class-validator. The first one descends into any object until the stack overflows, and drops
 * fields that are named like a method of all objects. The second one treats such a field as known, and
 * takes the class of the value from a field `constructor`.
 *
 * @throws Unreadable when it is no object
 */
export function prune(type: Class<object>, value: unknown): { value: object; unknown: Flaw[] } {
  if (!isObject(value)) throw new Unreadable([{ path: '', message: 'must be an object' }]);
  const { value: pruned, unknown } = pruneObject(type, value, '');
  return { value: pruned as object, unknown };
}

/** The errors of class-validator, with the index of entries in lists. */
export function flawsOf(errors: readonly ValidationError[], parent = ''): Flaw[] {
  return errors.flatMap(({ property, value, contexts, children = [] }) => {
    const path = within(parent, property);
    const kind = contexts?.field as Kind | undefined;
    const flaws = kind?.flaws(value) ?? [];
    return [
      ...flaws.map((flaw) => ({ ...flaw, path: flaw.path ? within(path, flaw.path) : path })),
      ...flawsOf(children, path),
    ];
  });
}

/** Sorted by the fields of the class: class-validator begins with those that it does not inherit. */
function inOrder(type: Class<object>, flaws: readonly Flaw[]): Flaw[] {
  const names = [...fieldsOf(type).keys()];
  const placeOf = ({ path }: Flaw) => names.indexOf(path.split('.')[0] ?? '');
  return flaws.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** Everything that is wrong: with single fields; if there is nothing, with several of them together. */
export function allFlaws(
  type: Class<object>,
  value: object,
  ofFields: readonly Flaw[],
  unknown: readonly Flaw[],
): Flaw[] {
  if (ofFields.length > 0) return [...inOrder(type, ofFields), ...unknown];
  const { rule } = modelOf(type);
  const isBroken = rule !== undefined && !rule.holds(value);
  return [...unknown, ...(isBroken ? [{ path: rule.path, message: rule.message }] : [])];
}

/**
 * Reads input from outside. Bodies and queries are read by a pipe in the same way.
 *
 * @throws Unreadable
 */
export function read<T extends object>(type: Class<T>, given: unknown): T {
  const { value, unknown } = prune(type, given);
  const instance = plainToInstance(type, value);
  const flaws = allFlaws(type, instance, flawsOf(validateSync(instance, validation)), unknown);
  if (flaws.length > 0) throw new Unreadable(flaws);
  return instance;
}
