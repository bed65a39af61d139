import { isInt, isUUID, max as isMax, min as isMin } from 'class-validator';
import { byRules, fieldOfKind, type Class, type FieldOf, type Flaw, type Kind } from './field.js';
import { parseCidr } from './ip.js';
import { anyOf, isText, ofText } from './text-fields.js';

/** Whether this is an object with fields. */
export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True or false. */
export const Flag = (about?: string) =>
  fieldOfKind<boolean>(
    {
      schema: { type: 'boolean' },
      flaws: byRules([(value) => typeof value === 'boolean', 'must be true or false']),
      isExact: true,
    },
    about,
  );

/** Exactly this value. */
export const Literally = <const V extends string | boolean | number>(value: V) =>
  fieldOfKind<V>({
    schema: { type: typeof value === 'number' ? 'integer' : typeof value, const: value },
    flaws: byRules([(given) => given === value, `must be ${JSON.stringify(value)}`]),
    isExact: true,
  });

const wholeKind = (min: number, max: number): Kind => ({
  schema: { type: 'integer', minimum: min, maximum: max },
  flaws: byRules([
    (value) => isInt(value) && isMin(value, min) && isMax(value, max),
    `must be a whole number from ${min} to ${max}`,
  ]),
  isExact: true,
});

/** A whole number. */
export const Whole = (min: number, max: number, about?: string) =>
  fieldOfKind<number>(wholeKind(min, max), about);

/** A whole number that JavaScript can hold. */
export const Integer = (about?: string) =>
  Whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, about);

/** A number of things. */
export const Count = (about?: string) => Whole(0, Number.MAX_SAFE_INTEGER, about);

/** A whole number as text, as in a query. */
export const WholeInText = (min: number, max: number, about?: string) =>
  fieldOfKind<number>(
    {
      ...wholeKind(min, max),
      convert: (value) => (isText(value) ? Number(value) : value),
      isExact: false,
    },
    about,
  );

/** An object of this class. */
export const Nested = <T extends object>(type: Class<T>, about?: string) =>
  fieldOfKind<T>(
    {
      schema: {},
      type,
      // The class itself checks its fields.
      flaws: byRules([isObject, 'must be an object']),
      isExact: true,
    },
    about,
  );

/** An object whose fields are not known beforehand. Only for responses. */
export const AnyObject = <T extends object>(schema: object, about?: string) =>
  fieldOfKind<T>(
    { schema: { type: 'object', ...schema }, flaws: byRules([isObject, 'must be an object']) },
    about,
  );

/** How many entries a list can have, and whether they must be unique. */
interface Length {
  min?: number;
  max?: number;
  isUnique?: boolean;
}

/** The flaws of the entries, with their index in the list. */
const ofEntries = (item: Kind, list: readonly unknown[]): Flaw[] =>
  list.flatMap((entry, index) =>
    item
      .flaws(entry)
      .map(({ path, message }) => ({ path: `${index}${path && '.'}${path}`, message })),
  );

/** Checked in turn: a list that is too long does not report each of its entries. */
function flawsOfList(item: Kind, { min = 0, max = Infinity, isUnique = false }: Length) {
  return (list: unknown): Flaw[] => {
    if (!Array.isArray(list)) return [{ path: '', message: 'must be a list' }];
    if (list.length < min || list.length > max) {
      return [{ path: '', message: `must have ${min} to ${max} entries` }];
    }
    const flaws = ofEntries(item, list);
    if (flaws.length > 0 || !isUnique || new Set(list).size === list.length) return flaws;
    return [{ path: '', message: 'must not contain an entry twice' }];
  };
}

/** A list whose entries are of one kind. */
export function ListOf<V>(
  { kind: item }: FieldOf<V>,
  length: Length = {},
  about?: string,
): FieldOf<V[]> {
  const { min, max, isUnique } = length;
  const { convert } = item;
  const kind: Kind = {
    schema: {
      type: 'array',
      ...(min !== undefined && { minItems: min }),
      ...(max !== undefined && { maxItems: max }),
      ...(isUnique === true && { uniqueItems: true }),
    },
    item,
    flaws: flawsOfList(item, length),
    ...(convert && {
      convert: (value) => (Array.isArray(value) ? value.map(convert) : value),
    }),
    isExact: item.isExact ?? false,
  };
  return fieldOfKind<V[]>(kind, about);
}

/** A list of at least one entry, all unique. */
export const UniqueList = <V>(item: FieldOf<V>, max: number, about?: string) =>
  ListOf(item, { min: 1, max, isUnique: true }, about);

const cidr = fieldOfKind<string>({
  schema: { type: 'string', maxLength: 64 },
  convert: (value) => (isText(value) && value.length <= 64 ? (parseCidr(value) ?? value) : value),
  flaws: byRules([
    ofText((text) => parseCidr(text) !== undefined),
    'must be an IPv4 or IPv6 address or CIDR range whose host bits are zero',
  ]),
});

/** Address ranges in CIDR notation (RFC 4632, RFC 4291); a single address is a range of one. */
export const Cidrs = (max: number, about?: string) => UniqueList(cidr, max, about);

const dayForm = /^\d{4}-\d\d-\d\d$/;
const instantForm =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Whether this is a valid day: 30 February is not, though `Date.parse` accepts it. */
export const isDay = ofText((text) => {
  const at = new Date(text);
  return dayForm.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
});

function toInstant(value: unknown): Date | undefined {
  const [text, day] = (isText(value) && instantForm.exec(value)) || [];
  return text !== undefined && isDay(day) ? new Date(text) : undefined;
}

const endOfDay = (day: string) => new Date(Date.parse(day) + 24 * 3_600_000);

const isDate = (value: unknown): value is Date => value instanceof Date;
const instantSchema = { type: 'string', format: 'date-time' };

/** An RFC 3339 instant with an offset. */
export const Instant = (about?: string) =>
  fieldOfKind<Date>(
    {
      schema: instantSchema,
      convert: (value) => toInstant(value) ?? value,
      flaws: byRules([isDate, 'must be an instant such as 2027-01-31T12:00:00Z']),
    },
    about,
  );

/** An RFC 3339 instant with an offset, or a date, which means the end of that day in UTC. */
export const Expiry = (about?: string) =>
  fieldOfKind<Date>(
    {
      schema: anyOf([instantSchema, { type: 'string', format: 'date' }]),
      convert: (value) =>
        isText(value) && isDay(value) ? endOfDay(value) : (toInstant(value) ?? value),
      flaws: byRules(
        [isDate, 'must be a date such as 2027-01-31 or an instant such as 2027-01-31T12:00:00Z'],
        // Later instants are written in another form, which a cursor would not accept.
        [
          (value) => isDate(value) && value.getUTCFullYear() < 10_000,
          'must be before the year 10000',
        ],
      ),
    },
    about,
  );

/** A day in UTC. */
export const Day = (about?: string) =>
  fieldOfKind<string>(
    {
      schema: { type: 'string', format: 'date' },
      flaws: byRules([isDay, 'must be a date such as 2027-01-31']),
      isExact: true,
    },
    about,
  );

/** A UUID (RFC 9562). */
export const Uuid = () =>
  fieldOfKind<string>({
    schema: { type: 'string', format: 'uuid' },
    flaws: byRules([(value) => isUUID(value), 'must be a UUID']),
    isExact: true,
  });
