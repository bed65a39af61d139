import { containing, foldText } from '../common/fold.js';
import { isId, type KeyId } from '../common/ids.js';

/** What a search can mean. */
export interface KeySearch {
  /** A pattern for LIKE, for names that are folded. */
  name: string;
  /** A key with this id. */
  id: KeyId | undefined;
  /** Keys whose secret begins or ends so, behind its prefix and in lower case; or both, for a mask. */
  ends: SecretEnds | undefined;
}

export interface SecretEnds {
  first: string | undefined;
  last: string | undefined;
  /** Whether one of them is enough. */
  isEither: boolean;
}

const four = '[0-9a-z]{4}';
const prefix = '(?:[a-z0-9_]+_)?';
const dots = '(?:…|\\.{3})';
const whole = new RegExp(`^${prefix}(${four})${dots}(${four})$`);
const beginning = new RegExp(`^(?:[a-z0-9_]+_(${four})${dots}?|(${four})${dots})$`);
const end = new RegExp(`^${dots}(${four})$`);
const either = new RegExp(`^${four}$`);

function secretEnds(text: string): SecretEnds | undefined {
  const [, first, last] = whole.exec(text) ?? [];
  if (first !== undefined) return { first, last, isEither: false };
  const [isBeginning, prefixed, bare] = beginning.exec(text) ?? [];
  if (isBeginning !== undefined) {
    return { first: prefixed ?? bare, last: undefined, isEither: false };
  }
  const [, final] = end.exec(text) ?? [];
  if (final !== undefined) return { first: undefined, last: final, isEither: false };
  return either.test(text) ? { first: text, last: text, isEither: true } : undefined;
}

/** Reads what somebody searches for: a part of a name, an id, or what is shown of a secret. */
export function keySearch(text: string): KeySearch {
  const folded = foldText(text);
  return {
    name: containing(folded),
    id: isId('key', folded) ? folded : undefined,
    ends: secretEnds(folded),
  };
}
