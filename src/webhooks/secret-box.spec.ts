import { describe, expect, it } from '@jest/globals';
import { SecretBox } from './secret-box.js';

const [old, current] = ['o'.repeat(32), 'c'.repeat(32)];

describe('SecretBox', () => {
  const sealed = new SecretBox([old]).seal('whsec_abc', 'whk_1');

  it('opens what it has sealed, also with a secret that is no longer the first', () => {
    expect(new SecretBox([old]).open(sealed, 'whk_1')).toBe('whsec_abc');
    expect(new SecretBox([current, old]).open(sealed, 'whk_1')).toBe('whsec_abc');
  });

  it('opens nothing without the secret, for another owner, or that was changed', () => {
    expect(new SecretBox([current]).open(sealed, 'whk_1')).toBeUndefined();
    expect(new SecretBox([old]).open(sealed, 'whk_2')).toBeUndefined();
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(new SecretBox([old]).open(changed, 'whk_1')).toBeUndefined();
    }
    for (const length of [0, 5, 27]) {
      expect(new SecretBox([old]).open(sealed.subarray(0, length), 'whk_1')).toBeUndefined();
    }
  });

  it('seals the same secret differently each time', () => {
    const again = new SecretBox([old]).seal('whsec_abc', 'whk_1');
    expect(again.equals(sealed)).toBe(false);
    expect(again.toString('latin1')).not.toContain('whsec');
  });
});
