import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTestServer } from '../../support/server.js';
import { startService } from '../../support/service.js';
import { referenceFolder, referencePages } from './reference.js';

/** `npm run api:reference` */
await withTestServer(async () => {
  const service = await startService();
  const { body } = await service.nobody.get('/openapi.json');
  await rm(referenceFolder, { recursive: true, force: true });
  await mkdir(referenceFolder);
  for (const [file, text] of referencePages(body)) {
    await writeFile(join(referenceFolder, file), text);
  }
  await service.stop();
});
