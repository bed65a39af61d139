import { describe, it } from 'node:test';
import { expect } from 'expect';
import { decideTarget } from './target.js';

const isAllowed = (url: string, allowPrivate = false) =>
  decideTarget(new URL(url).href, allowPrivate).allowed;

describe('decideTarget', () => {
  for (const url of [
    'https://hooks.example.com/keyfence?token=1',
    'https://hooks.example.com:8443/',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://localhost.example.com/',
  ]) {
    it(`allows ${url}`, () => {
      expect(isAllowed(url)).toBe(true);
    });
  }

  for (const url of [
    'http://hooks.example.com/',
    'https://localhost/',
    'https://api.localhost./',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::a00:1]/',
  ]) {
    it(`refuses ${url}, unless private targets are allowed`, () => {
      expect(isAllowed(url)).toBe(false);
      expect(isAllowed(url, true)).toBe(true);
    });
  }
});
