import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { beginningOf, containsSecret, isWellFormed, mask, newSecret } from './secret.js';

/** Every form of prefix that KEYFENCE_KEY_PREFIX allows. */
const prefix = fc
  .tuple(
    fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/),
    fc.option(fc.stringMatching(/^[a-z0-9]{1,15}$/), { nil: undefined }),
  )
  .map(([first, second]) => (second === undefined ? first : `${first}_${second}`));

const secret = prefix.map(newSecret);

/** Replacements for a character: all characters of secrets, their neighbours, and others. */
const others = [
  ...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_',
  ...'/:@[`{-. \t\n\r\u0000\u007f\u0085\u00a0é߀Ａ０﹍\u0301\u200b\ud800\udc00',
  '🔑',
];

describe('a new secret', () => {
  it('is well formed, whatever the prefix', () => {
    fc.assert(fc.property(secret, (text) => isWellFormed(text)));
  });

  it('consists of its prefix, 36 random characters and 6 of checksum', () => {
    fc.assert(
      fc.property(prefix, (text) => {
        const rest = newSecret(text).slice(text.length);
        expect(rest).toMatch(/^_[0-9A-Za-z]{42}$/);
      }),
    );
  });

  it('is another one each time, and uses every character of the alphabet', () => {
    const random = Array.from({ length: 1_000 }, () => newSecret('kf').slice(3, 39));
    expect(new Set(random).size).toBe(1_000);
    expect(new Set(random.join('')).size).toBe(62);
  });

  it('has the checksum that the specification says: CRC-32 in base 62', () => {
    // Made with another implementation of CRC-32 (Python's zlib).
    for (const text of [
      'kf_0000000000000000000000000000000000004At1E8',
      'acme_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ2ymlQQ',
      'k_QRSTUVWXYZabcdefghijklmnopqrstuvwxyz3a0AJm',
    ]) {
      expect(isWellFormed(text)).toBe(true);
    }
  });
});

describe('a text that is not a secret', () => {
  it('is every secret with one character changed, at any place, into any other', () => {
    fc.assert(
      fc.property(secret, (text) => {
        for (let at = 0; at < text.length; at += 1) {
          for (const other of others) {
            if (text[at] === other) continue;
            const changed = text.slice(0, at) + other + text.slice(at + 1);
            if (isWellFormed(changed)) throw new Error(`${JSON.stringify(changed)} passes`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is every secret with one character changed into any Unicode character', () => {
    const character = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(secret, fc.nat(), character, (text, place, other) => {
        const at = place % text.length;
        fc.pre(text[at] !== other);
        return !isWellFormed(text.slice(0, at) + other + text.slice(at + 1));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is every secret with two neighbours swapped', () => {
    fc.assert(
      fc.property(secret, fc.nat(), (text, place) => {
        const at = place % (text.length - 1);
        const [a, b] = [text.charAt(at), text.charAt(at + 1)];
        fc.pre(a !== b);
        return !isWellFormed(text.slice(0, at) + b + a + text.slice(at + 2));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is every secret with a character more or fewer', () => {
    fc.assert(
      fc.property(secret, fc.nat(), fc.constantFrom(...others), (text, place, other) => {
        const at = place % (text.length + 1);
        expect(isWellFormed(text.slice(0, at) + other + text.slice(at))).toBe(false);
        if (at < text.length)
          expect(isWellFormed(text.slice(0, at) + text.slice(at + 1))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is a secret in other letter case, or with white space around it', () => {
    fc.assert(
      fc.property(secret, (text) => {
        for (const changed of [text.toUpperCase(), ` ${text}`, `${text} `, `${text}\n`]) {
          expect(isWellFormed(changed)).toBe(false);
        }
      }),
    );
  });

  it('is whatever else somebody sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => !isWellFormed(text)),
    );
    for (const text of ['', '_', 'kf_', `kf_${'0'.repeat(42)}`, 'a'.repeat(1e6)]) {
      expect(isWellFormed(text)).toBe(false);
    }
  });
});

describe('the mask', () => {
  it('shows the prefix, four characters behind it and the last four', () => {
    fc.assert(
      fc.property(prefix, (text) => {
        const whole = newSecret(text);
        const start = text.length + 1;
        expect(mask(whole)).toBe(`${text}_${whole.slice(start, start + 4)}…${whole.slice(-4)}`);
      }),
    );
  });

  it('is no secret and holds none', () => {
    fc.assert(
      fc.property(secret, (text) => !isWellFormed(mask(text)) && !containsSecret(mask(text))),
    );
  });
});

describe('the search for secrets in a text', () => {
  const around = fc.string({ unit: 'binary', maxLength: 40 });

  it('finds one wherever it stands', () => {
    fc.assert(
      fc.property(around, secret, around, (before, text, behind) =>
        containsSecret(before + text + behind),
      ),
    );
  });

  it('finds one that other letters stand right beside', () => {
    const word = fc.stringMatching(/^[0-9A-Za-z_]{0,60}$/);
    fc.assert(
      fc.property(word, secret, word, (before, text, behind) =>
        containsSecret(before + text + behind),
      ),
    );
  });

  it('finds one among texts that look like one', () => {
    fc.assert(
      fc.property(secret, (text) =>
        containsSecret(`kf_${'0'.repeat(42)} ${text} ${'a_'.repeat(50)}`),
      ),
    );
  });

  it('finds none in identifiers, masks and words', () => {
    for (const text of ['key_01jd8v0000000000000000abcd', `kf_${'0'.repeat(42)}`, '', 'a_b_c']) {
      expect(containsSecret(text)).toBe(false);
    }
  });
});

describe('the beginning of a text', () => {
  const length = 256;

  it('is not there where a secret begins in it, however much of that the cut would leave', () => {
    fc.assert(
      fc.property(secret, fc.nat({ max: length - 1 }), (text, place) => {
        const before = ' '.repeat(place);
        expect(beginningOf(before + text, length)).toBeUndefined();
      }),
    );
  });

  it('is that of any other text', () => {
    expect(beginningOf('', length)).toBe('');
    expect(beginningOf('x'.repeat(1_000), length)).toBe('x'.repeat(length));
    fc.assert(
      fc.property(secret, (text) => {
        const far = ' '.repeat(length + 100);
        expect(beginningOf(far + text, length)).toBe(' '.repeat(length));
      }),
    );
  });
});
