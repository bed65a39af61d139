import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../support/project.js';

const folders = [
  '.',
  'docs',
  'docs/decisions',
  'bench',
  'examples',
  'packages/embedded-postgres',
  'packages/guard',
];

const pages = folders
  .flatMap((folder) => readdirSync(join(projectRoot, folder)).map((name) => join(folder, name)))
  .filter((name) => name.endsWith('.md'));

const read = (page: string) => readFileSync(join(projectRoot, page), 'utf8');
const withoutCode = (text: string) => text.replace(/```[^]*?```/g, '').replace(/`[^`\n]*`/g, '');

/** What a title is called in links, as GitHub does it. */
const anchorOf = (title: string) =>
  title
    .replace(/`/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => anchorOf(title));

function brokenLinks(page: string): string[] {
  const text = withoutCode(read(page));
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)];
  return links
    .map(([, link, attribute]) => link ?? attribute ?? '')
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(resolve(projectRoot, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
}

describe('the documents', () => {
  it('are more than the README', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', join('docs', 'operations.md')]));
  });

  it('say what each alert means', () => {
    const alerts = [...read('deploy/alerts.yml').matchAll(/alert: (\w+)/g)];
    const described = [...read('docs/operations.md').matchAll(/^\| `(Keyfence\w+)`/gm)];
    expect(described.map(([, name]) => name)).toEqual(alerts.map(([, name]) => name));
  });

  for (const page of pages) {
    it(`${page} leads nowhere that is not there`, () => {
      expect(brokenLinks(page)).toEqual([]);
    });
  }
});
