import { describe, expect, it } from '@jest/globals';
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
    'https://168.63.129.17/',
    'https://166.12.0.1/',
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
    'https://[2002:7f00:1::]/',
    'https://[::7f00:1]/',
    'https://[::8.8.8.8]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[fec0::1]/',
    'https://[fd00:ec2::254]/',
    'https://[4000::1]/',
    'https://100.100.100.200/',
    'https://192.0.0.192/',
    'https://168.63.129.16/',
    'https://[::ffff:168.63.129.16]/',
    'https://192.80.8.124/',
    'https://161.26.0.10/',
    'https://166.9.24.1/',
  ]) {
    it(`refuses ${url}, unless private targets are allowed`, () => {
      expect(isAllowed(url)).toBe(false);
      expect(isAllowed(url, true)).toBe(true);
    });
  }
});
