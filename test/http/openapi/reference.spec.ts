import { expect, it } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shareService } from '../../support/shared-service.js';
import { referenceFolder, referencePages } from './reference.js';

it('docs/reference is what "npm run api:reference" makes of the document', async () => {
  const service = await shareService();
  const { body } = await service.nobody.get('/openapi.json');
  const pages = referencePages(body);
  expect((await readdir(referenceFolder)).sort()).toEqual([...pages.keys()].sort());
  for (const [file, text] of pages) {
    expect(await readFile(join(referenceFolder, file), 'utf8')).toBe(text);
  }
  await service.stop();
});
