import { writeFile } from 'node:fs/promises';
import { withTestServer } from '../support/server.js';
import { startService } from '../support/service.js';
import { describeTypes, typesFile } from './types.js';

/** `npm run api:types` */
await withTestServer(async () => {
  const service = await startService();
  await writeFile(typesFile, await describeTypes(service));
  await service.stop();
});
