import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { promisify } from 'node:util';
import { freePort } from '@keyfence/embedded-postgres';
import { isFull } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { startProgram } from '../support/example.js';
import { connectTo } from '../support/mcp.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { projectRoot } from '../support/project.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

const run = promisify(execFile);

const frameworks = [
  'express',
  '@types/express',
  '@types/node',
  'fastify',
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@modelcontextprotocol/node',
  '@modelcontextprotocol/server',
  'reflect-metadata',
  'rxjs',
];

const options = {
  target: 'ES2023',
  types: ['node'],
  strict: true,
  noEmit: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

/** What is in the README under a title. */
async function exampleOf(title: string): Promise<string> {
  const readme = await readFile(join(projectRoot, 'packages/guard/README.md'), 'utf8');
  const [, code] = new RegExp(`## ${title}\\n[^]*?\`\`\`[jt]s\\n([^]*?)\`\`\``).exec(readme) ?? [];
  if (code === undefined) throw new Error(`no code for ${title}`);
  return code;
}

describeUnless(
  !isFull && 'installs from the registry',
  'the package, in a project of its own, with what is current',
  () => {
    let folder: string;
    let service: Service;
    let org: Organisation;

    beforeAll(async () => {
      service = await startService();
      org = await createOrganisation(service);
      folder = await mkdtemp(join(tmpdir(), 'keyfence-package-'));
      const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], {
        cwd: join(projectRoot, 'packages', 'guard'),
      });
      const file = /keyfence-guard-[\d.]+\.tgz/.exec(packed.stdout)?.[0] ?? '';
      await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
      await run('npm', ['install', '--no-audit', '--no-fund', `./${file}`, ...frameworks], {
        cwd: folder,
      });
    });
    afterAll(async () => {
      await rm(folder, { recursive: true, force: true });
      await service.stop();
    });

    it('has no dependency of its own', async () => {
      const path = join(folder, 'node_modules', '@keyfence', 'guard', 'package.json');
      const { dependencies } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
      expect(dependencies).toBeUndefined();
    });

    for (const module of ['nodenext', 'bundler']) {
      it(`has types for what the README shows, with ${module}`, async () => {
        const nest = `
          import { Controller, Get, Module } from '@nestjs/common';
          import type { Principal } from '@keyfence/guard';
          ${(await exampleOf('NestJS')).replace(/process\.env\.(\w+)/g, "process.env.$1 ?? ''")}
          export const all = [AppModule];`;
        const typed = (code: string) =>
          code
            .replace(/process\.env\.(KEYFENCE_\w+)/g, "process.env.$1 ?? ''")
            .replace('process.env.PORT', 'Number(process.env.PORT)');
        await writeFile(join(folder, 'nest.ts'), nest);
        await writeFile(join(folder, 'express.ts'), typed(await exampleOf('Express')));
        await writeFile(join(folder, 'fastify.ts'), typed(await exampleOf('Fastify')));
        await writeFile(join(folder, 'mcp.ts'), typed(await exampleOf('Model Context Protocol')));
        const compilerOptions =
          module === 'nodenext'
            ? { ...options, module }
            : { ...options, module: 'esnext', moduleResolution: module };
        const files = ['nest.ts', 'express.ts', 'fastify.ts', 'mcp.ts'];
        const path = join(folder, `tsconfig.${module}.json`);
        await writeFile(path, JSON.stringify({ compilerOptions, files }));
        const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
        const compiled = await run(process.execPath, [compiler, '-p', path], { cwd: folder }).catch(
          (error: unknown) => error as { stdout: string },
        );
        expect(compiled.stdout).toBe('');
      });
    }

    const readsTelemetry = async (url: string, secret: string) => {
      const headers = { authorization: `Bearer ${secret}` };
      const valid = await fetch(`${url}/telemetry`, { headers });
      expect(await valid.json()).toEqual({ celsius: 21.4, organisation: org.id });
    };
    const callsTool = async (url: string, secret: string) => {
      const client = await connectTo(`${url}/mcp`, secret);
      const { content } = await client.callTool({ name: 'monitor', arguments: {} });
      expect(content).toEqual([{ type: 'text', text: '21.4' }]);
      await client.close();
    };

    for (const [title, file, check] of [
      ['Express', 'express-program.js', readsTelemetry],
      ['Fastify', 'fastify-program.js', readsTelemetry],
      ['Model Context Protocol', 'mcp-program.js', callsTool],
    ] as const) {
      it(`runs what the README shows for ${title}`, async () => {
        await writeFile(join(folder, file), await exampleOf(title));
        const port = await freePort();
        const program = startProgram(folder, [process.execPath, file], {
          PORT: `${port}`,
          KEYFENCE_URL: service.url,
          KEYFENCE_SERVICE_KEY: org.manager.key,
        });
        try {
          const { secret } = await createKey(org.member, org);
          const url = `http://127.0.0.1:${port}`;
          const response = await eventually(() =>
            fetch(`${url}/telemetry`).catch(() => false as const),
          );
          expect(response.status).toBe(401);
          await check(url, secret);
        } finally {
          await program.stop();
        }
      });
    }
  },
);
