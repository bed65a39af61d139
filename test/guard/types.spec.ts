import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { Service } from '../support/service.js';
import { shareService } from '../support/shared-service.js';
import { describeTypes, typesFile } from './types.js';

describe('the types that the client and the console are compiled against', () => {
  let service: Service;

  beforeAll(async () => {
    service = await shareService();
  });
  afterAll(() => service.stop());

  it('are those of /openapi.json', async () => {
    if ((await readFile(typesFile, 'utf8')) === (await describeTypes(service))) return;
    throw new Error('the API has changed: run npm run api:types');
  });
});
