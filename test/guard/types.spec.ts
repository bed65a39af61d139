import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { startService, type Service } from '../support/service.js';
import { describeTypes, typesFile } from './types.js';

describe('the types that the client and the console are compiled against', () => {
  let service: Service;

  before(async () => {
    service = await startService();
  });
  after(() => service.stop());

  it('are those of /openapi.json', async () => {
    if ((await readFile(typesFile, 'utf8')) === (await describeTypes(service))) return;
    throw new Error('the API has changed: run npm run api:types');
  });
});
