import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'expect';
import { projectRoot } from '../support/project.js';
import { startService, type Service } from '../support/service.js';

interface Answer {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: Buffer;
}

describe('files of the console', () => {
  let service: Service;
  let script: string;

  before(async () => {
    service = await startService();
    const page = (await get('/')).body.toString();
    script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
  });
  after(() => service.stop());

  /** As it comes over the network. */
  const get = (path: string, encodings?: string) =>
    new Promise<Answer>((resolve, reject) => {
      const headers = encodings === undefined ? {} : { 'accept-encoding': encodings };
      const sent = request(service.url + path, { headers }, (response) => {
        const { statusCode: status } = response;
        buffer(response).then((body) => {
          resolve({ status, headers: response.headers, body });
        }, reject);
      });
      sent.on('error', reject).end();
    });

  it('every address of a page answers the page, under a strict policy', async () => {
    const { body } = await get('/');
    const router = await readFile(join(projectRoot, 'console', 'src', 'router.tsx'), 'utf8');
    const paths = [...router.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path);
    expect(paths).toEqual(expect.arrayContaining(['/sign-in', '/organisations']));
    for (const pattern of paths) {
      const path = pattern.replace(/\$\w+/g, 'org_01h455vb4pex5vsknk084sn02q');
      const answer = await get(path);
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
      expect(answer.body.equals(body)).toBe(true);
      expect(answer.headers['content-security-policy']).toMatch(
        /script-src 'self';style-src 'self';/,
      );
      expect(answer.headers['content-security-policy']).not.toContain('unsafe');
    }
  });

  it('the script comes compressed to whoever can read that, at 250 kB at the most', async () => {
    const plain = await get(script);
    const brotli = await get(script, 'gzip, deflate, br');
    const zipped = await get(script, 'br;q=0, gzip');
    expect([plain, brotli, zipped].map(({ headers }) => headers['content-encoding'])).toEqual([
      undefined,
      'br',
      'gzip',
    ]);
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
    expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
    expect(zipped.body.length).toBeLessThan(250_000);
    for (const { headers } of [plain, brotli, zipped]) {
      expect(headers).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
      });
    }
  });

  it('what is no file of it is not found', async () => {
    for (const path of [`${script}.br`, '/assets/none.js', '/assets/..%2Findex.html', '/assets/']) {
      const { status, headers } = await get(path);
      expect({ path, status }).toEqual({ path, status: 404 });
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    }
  });
});
