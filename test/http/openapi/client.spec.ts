import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { projectRoot } from '../../support/project.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

/** Creates, lists and verifies a key; `wrong` is where a mistake can be made. */
const program = (wrong = '') => `
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

export async function run(baseUrl: string, apiKey: string, orgId: string) {
  const client = createClient<paths>({ baseUrl, headers: { 'X-API-Key': apiKey } });
  const created = await client.POST('/v1/orgs/{orgId}/keys', {
    params: { path: { orgId }, header: { 'Idempotency-Key': 'once' } },
    body: { name: 'generated', scope: 'read', expiresAt: '2027-01-31' },
  });
  if (created.error) throw new Error(created.error.code satisfies components['schemas']['Problem']['code']);
  const { key, secret = '' } = created.data;
  const listed = await client.GET('/v1/orgs/{orgId}/keys', {
    params: { path: { orgId }, query: { search: 'gen', sort: 'name', limit: 10 } },
  });
  const items = listed.data?.items ?? [];
  const verified = await client.POST('/v1/verify', { body: { key: secret } });
  const decision = verified.data;
  ${wrong}
  return {
    names: items.map(({ name }) => name),
    isSame: items.some(({ id }) => id === key.id),
    holder: decision?.valid ? decision.keyId : decision?.code,
    id: key.id,
  };
}
`;

/** What must not compile, and why. */
const mistakes: Record<string, string> = {
  'a scope that does not exist': `await client.POST('/v1/orgs/{orgId}/keys', { params: { path: { orgId } }, body: { name: 'x', scope: 'write' } });`,
  'a field that is missing': `await client.POST('/v1/orgs/{orgId}/keys', { params: { path: { orgId } }, body: { scope: 'read' } });`,
  'a field too many': `({ key: '', secret: '' }) satisfies components['schemas']['VerifyKey'];`,
  'a parameter that is missing': `await client.GET('/v1/orgs/{orgId}/keys', {});`,
  'a filter that does not exist': `await client.GET('/v1/users', { params: { query: { name: 'x' } } });`,
  'a path that does not exist': `await client.GET('/v1/keys', {});`,
  'a method that does not exist': `await client.PUT('/v1/verify', { body: { key: '' } });`,
  'a field that no response has': `console.log(key.hash);`,
  'a field of valid keys alone': `console.log(decision?.keyId);`,
  'a problem of other operations': `if (verified.error?.code === 'slug_taken') console.log(1);`,
};

describe('a client that is generated from the document', () => {
  let service: Service;
  let org: Organisation;
  let folder: string;
  let compiled: ts.Program;

  const fileOf = (name: string) => join(folder, `${name.replaceAll(' ', '-')}.ts`);

  /** What the compiler has against a file. */
  const errorsOf = (name: string) =>
    ts
      .getPreEmitDiagnostics(compiled, compiled.getSourceFile(fileOf(name)))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    // Below the project, where its packages are found.
    folder = await mkdtemp(join(projectRoot, '.build', 'client-'));
    const { body: document } = await service.nobody.get('/openapi.json');
    const types = await openapiTS(document);
    await writeFile(fileOf('schema'), astToString(types));
    await writeFile(fileOf('program'), program());
    for (const [name, line] of Object.entries(mistakes)) {
      await writeFile(fileOf(name), program(line));
    }
    compiled = ts.createProgram(['schema', 'program', ...Object.keys(mistakes)].map(fileOf), {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: [],
      strict: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: true,
    });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await service.stop();
  });

  it('compiles', () => {
    expect(errorsOf('schema')).toEqual([]);
    expect(errorsOf('program')).toEqual([]);
  });

  it('creates, lists and verifies a key', async () => {
    compiled.emit(compiled.getSourceFile(fileOf('program')));
    const url = pathToFileURL(fileOf('program').replace(/ts$/, 'js')).href;
    const { run } = (await import(url)) as {
      run: (url: string, key: string, orgId: string) => Promise<{ id: string }>;
    };
    const { id, ...seen } = await run(service.url, org.manager.key, org.id);
    expect(seen).toEqual({ names: ['generated'], isSame: true, holder: id });
  });

  for (const name of Object.keys(mistakes)) {
    it(`does not compile with ${name}`, () => {
      expect(errorsOf(name)).toHaveLength(1);
    });
  }
});
