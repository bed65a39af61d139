// class-transformer needs it to read the type of a field.
import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import { ValidateBy, ValidateIf, ValidateNested } from 'class-validator';

/** A part of a JSON Schema (draft 2020-12). */
export type JsonObject = Record<string, unknown>;

/** A class whose fields describe themselves. */
export type Class<T> = new () => T;

/** What is wrong, and with which field. The path of the value as a whole is empty. */
export interface Flaw {
  path: string;
  message: string;
  /** The names of unknown fields. */
  unknown?: readonly string[];
}

/** One kind of value: how it is described, converted and checked, all in one place. */
export interface Kind {
  /** The schema of the value before it is converted. */
  readonly schema: JsonObject;
  /** What is wrong with a value after it was converted. */
  readonly flaws: (value: unknown) => Flaw[];
  /** Converts the input. What it cannot read stays as it is, for the check to refuse. */
  readonly convert?: (value: unknown) => unknown;
  /** The kind of the entries, for a list. */
  readonly item?: Kind;
  /** The class of the value, for an object. */
  readonly type?: Class<object>;
  /** Whether the schema alone expresses the whole check. */
  readonly isExact?: boolean;
}

/** All that is known about a field. */
export interface Field {
  kind?: Kind;
  about?: string;
  isOptional: boolean;
  isNullable: boolean;
  /** Whether it may be left out, because the class sets a value. */
  isPreset: boolean;
}

const own = new WeakMap<object, Map<string, Field>>();

/** The fields of a class, those of the class that it extends first. */
export function fieldsOf({ prototype }: Class<object>): Map<string, Field> {
  const chain: object[] = [];
  let each = prototype as object | null;
  for (; each !== null; each = Object.getPrototypeOf(each) as object | null) chain.unshift(each);
  return new Map(chain.flatMap((one) => [...(own.get(one) ?? [])]));
}

function fieldOf(prototype: object, name: string): Field {
  const fields = own.get(prototype) ?? new Map<string, Field>();
  own.set(prototype, fields);
  const field = fields.get(name) ?? { isOptional: false, isNullable: false, isPreset: false };
  fields.set(name, field);
  return field;
}

const mayLack = ({ isOptional, isPreset, isNullable }: Field, value: unknown) =>
  value === undefined ? isOptional || isPreset : isNullable && value === null;

/** `IsOptional` of class-validator would treat null as left out. */
function register(prototype: object, name: string, field: Field, kind: Kind): void {
  const { convert, type = kind.item?.type } = kind;
  const isList = kind.item !== undefined;
  const rules = [
    ValidateIf((_, value) => !mayLack(field, value)),
    ValidateBy(
      {
        name: 'field',
        validator: {
          validate: (value: unknown) => kind.flaws(value).length === 0,
          defaultMessage: (args) => kind.flaws(args?.value)[0]?.message ?? '',
        },
      },
      { context: kind },
    ),
    ...(type ? [Type(() => type), ValidateNested({ each: isList })] : []),
    ...(convert
      ? [Transform(({ value }: { value: unknown }) => (value === null ? null : convert(value)))]
      : []),
  ];
  for (const rule of rules) rule(prototype, name);
}

/** Defines a field of a class where no decorator can be used. */
export function define({ prototype }: Class<object>, name: string, given: Field): void {
  const field = fieldOf(prototype as object, name);
  Object.assign(field, given);
  if (given.kind) register(prototype as object, name, field, given.kind);
}

type Bare<T> = Exclude<T, undefined | null>;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? unknown : never) : never;

/**
 * Declares that a field holds such values, and how it is described. It does not compile on a field of
 * another type. That a field may be missing or null has decorators of its own.
 */
export interface FieldOf<V> {
  <T extends object, K extends keyof T>(target: T, key: K & Same<Bare<T[K]>, V>): void;
  readonly kind: Kind;
}

/** A decorator for fields of this kind. */
export function fieldOfKind<V>(kind: Kind, about?: string): FieldOf<V> {
  const decorate = (target: object, key: PropertyKey) => {
    const field = fieldOf(target, String(key));
    if (field.kind !== undefined) throw new Error(`${String(key)} is described twice`);
    field.kind = kind;
    if (about !== undefined) field.about = about;
    register(target, String(key), field, kind);
  };
  return Object.assign(decorate, { kind });
}

/** Declares that a field may also be an `M`, if its type includes that. */
type MayBe<M> = <T extends object, K extends keyof T>(
  target: T,
  key: K & (M extends T[K] ? unknown : never),
) => void;

/** The field may be left out. */
export const Optional = (): MayBe<undefined> => (target, key) => {
  fieldOf(target, String(key)).isOptional = true;
};

/** The field may be null. */
export const Nullable = (): MayBe<null> => (target, key) => {
  fieldOf(target, String(key)).isNullable = true;
};

/** The field may be left out. It then has the value that the class sets. */
export const Preset = () => (target: object, key: string) => {
  fieldOf(target, key).isPreset = true;
};

/** Rules are checked in turn: the first one that fails gives the message. */
export type Rule = readonly [holds: (value: unknown) => boolean, message: string];

/** The check of a value as a whole. */
export const byRules =
  (...rules: Rule[]) =>
  (value: unknown): Flaw[] => {
    const broken = rules.find(([holds]) => !holds(value));
    return broken === undefined ? [] : [{ path: '', message: broken[1] }];
  };

/** What a class declares as a whole. */
interface Model {
  /** Its name in `/openapi.json`. Without one it is described inline. */
  id?: string;
  /** An example of its JSON. */
  example?: object;
  /** Whether it accepts further fields. */
  isOpen?: boolean;
  /** Further parts of its schema. */
  schema?: JsonObject;
  /** A condition on several fields together, checked once each of them is valid. */
  rule?: { holds: (value: object) => boolean; path: string; message: string };
}

const models = new WeakMap<object, Model>();

/** What the class itself declares, without the class that it extends. */
export const modelOf = (type: object): Model => models.get(type) ?? {};

/** Adds to what a class declares. */
export function describeModel(type: object, model: Model): void {
  models.set(type, { ...modelOf(type), ...model });
}

/** Describes a class as a whole. */
export const Describes = (model: Pick<Model, 'id' | 'example' | 'isOpen'>) => (type: object) => {
  describeModel(type, model);
};

/** At least one field must be given. */
export const NotEmpty = () => (type: object) => {
  const holds = (value: object) => Object.keys(value).length > 0;
  describeModel(type, {
    schema: { minProperties: 1 },
    rule: { holds, path: '', message: 'must change something' },
  });
};

/** At most one of two fields can be given. */
export const NotBoth =
  <K extends string>(first: K, second: K) =>
  (type: Class<Partial<Record<K, unknown>>>) => {
    const holds = (value: Partial<Record<string, unknown>>) =>
      value[first] === undefined || value[second] === undefined;
    const message = `give ${first} or ${second}, not both`;
    describeModel(type, { rule: { holds: holds, path: second, message } });
  };
