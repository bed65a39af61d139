import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../support/project.js';

/**
 * Rooms of the house; each may use those before it, and rooms of one line not each other. A folder inside a
 * room that others use, or that uses others, is a room of its own.
 */
const order = [
  ['common'],
  ['permissions'],
  ['config'],
  ['telemetry'],
  ['database'],
  ['auth/throttling'],
  ['auth'],
  ['changes/idempotency'],
  ['jobs'],
  ['openapi'],
  ['notifications'],
  ['audit'],
  ['changes'],
  ['operations'],
  ['installation'],
  ['orgs'],
  ['sessions'],
  ['users'],
  ['keys'],
  ['usage'],
  ['members'],
  ['reminders'],
  ['webhooks'],
  ['verification'],
  ['verification/hot'],
  ['bootstrap'],
  ['http'],
  ['workers'],
  // The files in src itself.
  ['.'],
  ['cli'],
];

const src = join(projectRoot, 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => join(src, file));

const text = (file: string) => readFileSync(file, 'utf8');

/** Files of ours that a file imports. */
function importsOf(file: string): string[] {
  const specifiers = [...text(file).matchAll(/(?:from|import\(?)\s*'(\.[^']+)\.js'/g)];
  return specifiers.map(([, specifier = '']) => resolve(dirname(file), `${specifier}.ts`));
}

const rooms = order.flat();

/** The innermost room that the file is in. */
function roomOf(file: string): string {
  const [outer = '', inner = ''] = dirname(relative(src, file)).split('/');
  const room = `${outer}/${inner}`;
  return rooms.includes(room) ? room : outer;
}
const rankOf = (file: string) => order.findIndex((line) => line.includes(roomOf(file)));

describe('the layout of src', () => {
  it('has no room whose place is not known', () => {
    expect(files.filter((file) => rankOf(file) === -1)).toEqual([]);
  });

  it('imports point one way', () => {
    const upward = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => roomOf(target) !== roomOf(file) && rankOf(target) >= rankOf(file))
        .map((target) => `${relative(src, file)} -> ${relative(src, target)}`),
    );
    expect(upward).toEqual([]);
  });

  it('has no cycle of imports', () => {
    const done = new Set<string>();
    const cycles: string[] = [];
    const walk = (file: string, path: string[]) => {
      if (path.includes(file)) {
        cycles.push(
          [...path.slice(path.indexOf(file)), file].map((f) => relative(src, f)).join(' -> '),
        );
        return;
      }
      if (done.has(file)) return;
      for (const target of importsOf(file)) walk(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(cycles).toEqual([]);
  });

  it('every import leads to a file', () => {
    const known = new Set(files);
    const missing = files.flatMap((file) => importsOf(file).filter((target) => !known.has(target)));
    expect(missing).toEqual([]);
  });

  it('reads the environment only in config', () => {
    const readers = files.filter((file) => text(file).includes('process.env'));
    expect(readers.map(roomOf).filter((room) => room !== 'config')).toEqual([]);
  });

  it('connects to the database in one place, where settings are pinned', () => {
    const connects = /new (Client|Pool)\(|type: 'postgres'/;
    const places = files.filter((file) => connects.test(text(file))).map((f) => relative(src, f));
    expect(places.sort()).toEqual([
      'database/connection.ts',
      'database/database.module.ts',
      'database/migrate.ts',
    ]);
  });

  it('has no file over 300 lines', () => {
    expect(files.filter((file) => text(file).split('\n').length > 301)).toEqual([]);
  });
});
