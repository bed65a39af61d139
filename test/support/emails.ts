/** Values that are no e-mail address. */
export const badEmails: Record<string, unknown> = {
  'no value': undefined,
  null: null,
  'a number': 5,
  'a list': ['ada@example.com'],
  'an empty text': '',
  'no at sign': 'ada.example.com',
  'no domain': 'ada@',
  'no local part': '@example.com',
  'two at signs': 'ada@home@example.com',
  'a blank inside': 'ada lovelace@example.com',
  'a display name': 'Ada <ada@example.com>',
  'two addresses': 'ada@example.com,eve@example.com',
  'a line break': 'ada@example.com\nbcc:eve@example.com',
  'a NUL': 'ada\0@example.com',
  'half a surrogate pair': 'ada\ud800@example.com',
  'more than 254 characters': `${'a'.repeat(243)}@example.com`,
};
