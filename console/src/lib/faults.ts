import { ApiError } from '../api/client';

/**
 * How a form says that something in a field is wrong, by the name of the field in the API.
 *
 * @param index which entry of a list is wrong
 * @param part which field of the entry is wrong; empty for the entry itself
 * @param message what the service says
 */
export type FaultTexts = Record<string, (message: string, index: number, part: string) => string>;

/** What is wrong with each field, and what is wrong with none of them. */
export interface Faults {
  of: Partial<Record<string, string>>;
  rest: Error | null;
}

/** Refusals that are about a field, though they do not name it. */
const fieldOfCode: Partial<Record<string, string>> = {
  slug_taken: 'slug',
  expiry_not_allowed: 'expiresAt',
  email_taken: 'email',
  already_member: 'email',
  target_not_allowed: 'url',
};

const asSentence = (text: string) => {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(whole) ? whole : `${whole}.`;
};

export const asSaid = (message: string) => asSentence(message);

/** Sorts a refusal by the fields that it is about, so that each fault is said once, and where it is. */
export function faultsOf(error: Error | null, texts: FaultTexts): Faults {
  if (!(error instanceof ApiError)) return { of: {}, rest: error };
  const { code = '', title, detail, errors = [] } = error.problem;
  const field = fieldOfCode[code];
  if (field !== undefined && field in texts) {
    return { of: { [field]: asSentence(detail ?? title) }, rest: null };
  }
  const of: Faults['of'] = {};
  let others = 0;
  for (const { path, message } of errors) {
    const [name = '', index, part = ''] = path.split('.');
    const text = texts[name];
    if (text === undefined) others += 1;
    else of[name] ??= text(message, Number(index ?? 0), part);
  }
  const isSaid = errors.length > 0 && others === 0;
  return { of, rest: isSaid ? null : error };
}
