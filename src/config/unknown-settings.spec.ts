import { describe, expect, it } from '@jest/globals';
import { rows } from './setting-parts.js';
import { unknownSettings } from './unknown-settings.js';

describe('unknownSettings', () => {
  it.each([
    ['KEYFENCE_TRUSTED_PROXY', 'KEYFENCE_TRUSTED_PROXIES'],
    ['KEYFENCE_SECRETS', 'KEYFENCE_SECRET'],
    ['KEYFENCE_DATADIR', 'KEYFENCE_DATA_DIR'],
    ['KEYFENCE_SESSION_MINUTES', 'KEYFENCE_SESSION_MAX_MINUTES'],
  ])('names the setting that is nearest to %s', (name, nearest) => {
    expect(unknownSettings({ [name]: 'hunter2' })).toEqual([
      `${name} is not a setting, and is ignored. Do you mean ${nearest}?`,
    ]);
  });

  it('names none that is far', () => {
    expect(unknownSettings({ KEYFENCE_COLOUR_OF_THE_CONSOLE: 'red' })).toEqual([
      'KEYFENCE_COLOUR_OF_THE_CONSOLE is not a setting, and is ignored. See npm run config for all settings.',
    ]);
  });

  it('says nothing about settings, nor about variables of others', () => {
    const settings = Object.fromEntries(rows.map(({ name }) => [name, 'x']));
    const ofOthers = {
      KEYFENCE_KEY: 'x',
      KEYFENCE_URL: 'x',
      KEYFENCE_TEST_SEED: '1',
      PATH: '/bin',
    };
    expect(unknownSettings({ ...settings, ...ofOthers })).toEqual([]);
  });
});
