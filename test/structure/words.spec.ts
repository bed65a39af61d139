import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../support/project.js';

/** What CONTRIBUTING.md lists, as far as a fixed phrase can decide it. */
const phrases: { found: RegExp; write: string }[] = [
  { found: /\bwhoever\b/gi, write: 'the person who, anyone' },
  { found: /\bwhom it may\b/gi, write: 'the person who' },
  { found: /\bat the most\b/gi, write: 'at most' },
  { found: /\bat the least\b/gi, write: 'at least' },
  { found: /\bfor ever\b/gi, write: 'permanently, without a limit' },
  { found: /\bfor good\b/gi, write: 'permanently' },
  { found: /\banew\b/gi, write: 'again' },
  { found: /\bamid\b/gi, write: 'among, during' },
  { found: /\bso long as\b/gi, write: 'while, as long as' },
  { found: /\bverdicts?\b/gi, write: 'decision, result' },
  { found: /\b(is|are|was|were|be|been) told\b/gi, write: 'recorded, logged, notified' },
  { found: /\b(gave|given?|gives|giving) up\b/gi, write: 'dropped, cleared, stops after …' },
  { found: /\banswer(s|ed|ing)?\b/gi, write: 'response, responds, result' },
  { found: /\blog-?in links?\b/gi, write: 'sign-in link' },
  { found: /\blinks? to sign in\b/gi, write: 'sign-in link' },
  { found: /\bgood keys?\b/gi, write: 'valid key' },
];

/** Files that may have a phrase, and why. */
const exceptions: { phrase: RegExp; files: RegExp; reason: string }[] = [
  {
    phrase: /verdict/i,
    files:
      /^(docs\/revocation\.md|docs\/decisions\/(001|002|022)-.*|src\/verification\/.*|test\/faults\/mutants\/.*)$/,
    reason: 'the fence and its proof distinguish verdicts from records',
  },
];

interface Place {
  name: string;
  folders: string[];
  /** Which files of the folders. */
  files: RegExp;
  /** What of a file is prose. */
  proseOf: (text: string) => string;
}

/** Without code, whose names others have set, and without the list of words itself. */
const withoutCode = (text: string) =>
  text
    .replace(/^## Words$[^]*?(?=^## )/m, '')
    .replace(/```[^]*?```/g, '')
    .replace(/`[^`]*`/g, '');

const commentsOf = (text: string) =>
  [...text.matchAll(/(?:^|\s)\/\/ (.*)$|^\s*\/?\*+(.*)$/gm)]
    .map(([, line, block]) => line ?? block ?? '')
    .join('\n')
    .replace(/`[^`]*`/g, '');

/** What a test is called, also where a reason to skip it comes first. */
const titlesOf = (text: string) =>
  [...text.matchAll(/^\s*(?:it|describe)(?:Unless\([^'"`]*|\(\s*)(['"`])(.*?)\1,/gm)]
    .map(([, , title]) => title ?? '')
    .join('\n');

const program = /\.(ts|tsx|js)$/;

const commentsIn = (folder: string): Place => ({
  name: `the comments in ${folder}`,
  folders: [folder],
  files: program,
  proseOf: commentsOf,
});

/** Places that have been rewritten. */
const places: Place[] = [
  {
    name: 'the documents',
    folders: [
      '.',
      'docs',
      'docs/decisions',
      'bench',
      'examples',
      'packages/embedded-postgres',
      'packages/guard',
    ],
    files: /^[^/]*\.md$/,
    proseOf: withoutCode,
  },
  {
    name: 'the console, its texts and comments',
    folders: ['console/src'],
    files: program,
    proseOf: (text) => text,
  },
  {
    name: 'the comments of the tests and the names of tests',
    folders: ['test'],
    files: program,
    proseOf: (text) => `${commentsOf(text)}\n${titlesOf(text)}`,
  },
  ...['src', 'packages', 'scripts', 'bench', 'examples'].map(commentsIn),
];

const isOurs = (path: string) => !/(^|\/)(node_modules|dist)\//.test(path);

function filesOf({ folders, files }: Place): string[] {
  return folders.flatMap((folder) =>
    // Documents are beside each other, programs below.
    readdirSync(join(projectRoot, folder), { recursive: files === program, encoding: 'utf8' })
      .filter((name) => files.test(name))
      .map((name) => join(folder, name))
      .filter(isOurs),
  );
}

const isExempt = (file: string, phrase: string) =>
  exceptions.some((each) => each.files.test(file) && each.phrase.test(phrase));

/** Each phrase that is found, with some words around it and what to write instead. */
function foundIn(file: string, { proseOf }: Place): string[] {
  const prose = proseOf(readFileSync(join(projectRoot, file), 'utf8')).replace(/\s+/g, ' ');
  return phrases.flatMap(({ found, write }) =>
    [...prose.matchAll(found)]
      .filter(([phrase]) => !isExempt(file, phrase))
      .map(({ 0: phrase, index }) => {
        const around = prose.slice(Math.max(0, index - 30), index + phrase.length + 30);
        return `${file}: “${phrase}” in “…${around}…”: write ${write}`;
      }),
  );
}

function check(place: Place): void {
  it(`${place.name} use the words of the field`, () => {
    const files = filesOf(place);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => foundIn(file, place))).toEqual([]);
  });
}

describe('the words of CONTRIBUTING.md', () => {
  for (const place of places) check(place);
});
