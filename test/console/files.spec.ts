import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { projectRoot } from '../support/project.js';
import { startService, type Service } from '../support/service.js';

interface FileResponse {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: Buffer;
}

describe('files of the console', () => {
  let service: Service;
  let script: string;

  beforeAll(async () => {
    service = await startService();
    const page = (await get('/')).body.toString();
    script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
  });
  afterAll(() => service.stop());

  const send = (method: string, path: string, headers: Record<string, string> = {}) =>
    new Promise<FileResponse>((resolve, reject) => {
      const { hostname, port } = new URL(service.url);
      // A URL would be changed to one without dots before it is sent.
      const sent = request({ hostname, port, path, method, headers }, (response) => {
        const { statusCode: status } = response;
        buffer(response).then((body) => {
          resolve({ status, headers: response.headers, body });
        }, reject);
      });
      sent.on('error', reject).end();
    });

  /** As it comes over the network. */
  const get = (path: string, encodings?: string) =>
    send('GET', path, encodings === undefined ? {} : { 'accept-encoding': encodings });

  it('every address of a page responds with the page, under a strict policy', async () => {
    const { body } = await get('/');
    const router = await readFile(join(projectRoot, 'console', 'src', 'router.tsx'), 'utf8');
    const paths = [...router.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path);
    expect(paths).toEqual(expect.arrayContaining(['/sign-in', '/organisations']));
    for (const pattern of paths) {
      const path = pattern.replace(/\$\w+/g, 'org_01h455vb4pex5vsknk084sn02q');
      const response = await get(path);
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
      expect(response.body.equals(body)).toBe(true);
      expect(response.headers['content-security-policy']).toMatch(
        /script-src 'self';style-src 'self';/,
      );
      expect(response.headers['content-security-policy']).not.toContain('unsafe');
    }
  });

  it('the script comes compressed to clients that can read that, at 250 kB at most', async () => {
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

  it('is asked for with HEAD, and again on a condition', async () => {
    for (const encoding of ['identity', 'br', 'gzip']) {
      const headers = { 'accept-encoding': encoding };
      const full = await send('GET', script, headers);
      const head = await send('HEAD', script, headers);
      expect(head.status).toBe(200);
      expect(head.body).toHaveLength(0);
      expect(head.headers['content-length']).toBe(String(full.body.length));
      expect(head.headers.etag).toBe(full.headers.etag);
      const etag = String(full.headers.etag);
      const again = await send('GET', script, { ...headers, 'if-none-match': etag });
      expect(again.status).toBe(304);
      expect(again.body).toHaveLength(0);
      expect(again.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      const changed = await send('GET', script, { ...headers, 'if-none-match': '"another"' });
      expect(changed.status).toBe(200);
    }
  });

  it('has the security headers of every response, and the page is stored nowhere', async () => {
    for (const path of ['/', script, '/assets/none.js']) {
      expect((await get(path, 'br')).headers).toMatchObject({
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
    }
    expect((await get('/')).headers['cache-control']).toBe('no-store');
  });

  it('what is no file of it is not found', async () => {
    for (const path of [`${script}.br`, `${script}.gz`, '/assets/none.js', '/assets/', '/assets']) {
      await expectNothing('GET', path);
    }
  });

  it('is changed by nobody', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      await expectNothing(method, script, 405);
    }
  });

  it('no path leads out of its folder, and none to a file by a second name', async () => {
    const [, file = ''] = /^\/assets\/(.*)$/.exec(script) ?? [];
    const ups = ['..', '%2e%2e', '%2E.', '%252e%252e', '..%00', '....', '..;'];
    const slashes = ['/', '%2f', '%252f', '\\', '%5c', '%255c', '//'];
    const out = ups.flatMap((up) =>
      slashes.flatMap((slash) => [
        `/assets/${up}${slash}index.html`,
        `/assets/${up}${slash}${up}${slash}http${slash}console.js`,
        `/assets/x${slash}${up}${slash}${file}`,
        `/docs/${up}${slash}swagger-ui-dist${slash}package.json`,
      ]),
    );
    const aliases = [
      `${script}%00`,
      `${script}%00.css`,
      `/assets/%00${file}`,
      `${script}/`,
      `${script}%20`,
      `${script}.`,
      `${script}::$DATA`,
      `/assets//${file}`,
      `/assets/.%2f${file}`,
      `/assets/./${file}`,
      `//assets/${file}`,
      `/ASSETS/${file}`,
      `/assets/${file.toUpperCase()}`,
      '/assets/%2fetc%2fpasswd',
      '/assets//etc/passwd',
      '/assets/file:%2f%2f%2fetc%2fpasswd',
      '/assets/constructor',
      '/assets/__proto__',
    ];
    for (const path of [...out, ...aliases]) await expectNothing('GET', path);
  });

  async function expectNothing(method: string, path: string, expected = 404): Promise<void> {
    const { status, headers, body } = await send(method, path);
    expect({ method, path, status }).toEqual({ method, path, status: expected });
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(body.toString())).toMatchObject({
      code: expected === 404 ? 'not_found' : 'method_not_allowed',
    });
  }
});
