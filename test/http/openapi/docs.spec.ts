import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('GET /docs', () => {
  let service: Service;

  beforeAll(async () => {
    service = await shareService();
  });
  afterAll(() => service.stop());

  it('is a page without a script, style or origin of others in it', async () => {
    const { status, headers, text } = await service.nobody.get('/docs');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/<script>|<style|\son\w+=|https?:|\/\//);
  });

  it('loads nothing that is not served, each file as what it is', async () => {
    const { text } = await service.nobody.get('/docs');
    const files = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    const types = { js: 'text/javascript', css: 'text/css', png: 'image/png' };
    expect(files).toHaveLength(4);
    for (const file of files) {
      const { status, headers, text: content } = await service.nobody.get(`/${file}`);
      const ending = file.split('.').at(-1) as keyof typeof types;
      expect({ file, status }).toEqual({ file, status: 200 });
      expect(headers.get('content-type')).toMatch(new RegExp(`^${types[ending]}`));
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(content.length).toBeGreaterThan(50);
      const conditions = { 'if-none-match': '*', 'if-match': '"x"', range: 'bytes=0-3' };
      const again = await service.nobody.get(`/${file}`, conditions);
      expect({ file, status: again.status }).toEqual({ file, status: 200 });
      expect(again.text).toBe(content);
      const head = await service.nobody.call('HEAD', `/${file}`);
      expect({ file, status: head.status }).toEqual({ file, status: 200 });
      expect(head.headers.get('content-type')).toBe(headers.get('content-type'));
    }
  });

  it('serves no other file', async () => {
    for (const file of [
      'package.json',
      'index.html',
      '..%2fpackage.json',
      '..%2f..%2fpackage.json',
      '%2fetc%2fpasswd',
      'constructor',
      'start.js%00',
      'swagger-ui.css%00',
      'swagger-ui.css%00.png',
      '%252e%252e%252fpackage.json',
      '..%5cpackage.json',
      '.%2fswagger-ui.css',
      'swagger-ui.js',
      'START.JS',
    ]) {
      expectProblem(await service.nobody.get(`/docs/${file}`), 404, 'not_found');
    }
  });
});
