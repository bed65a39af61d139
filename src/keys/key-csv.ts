import type { KeyView } from './key.view.js';

type Cell = string | number | null;

/** The columns of an export: everything that is shown of a key, and no secret. */
const columns: Readonly<Record<string, (key: KeyView) => Cell | Date>> = {
  id: (key) => key.id,
  name: (key) => key.name,
  description: (key) => key.description,
  tags: (key) => key.tags.join(' '),
  state: (key) => key.state,
  scope: (key) => key.scope,
  permissions: (key) => key.permissions?.join(' ') ?? null,
  allowedIps: (key) => key.allowedIps?.join(' ') ?? null,
  masked: (key) => key.masked,
  ownerId: (key) => key.ownerId,
  ownerName: (key) => key.ownerName,
  createdAt: (key) => key.createdAt,
  createdByUserId: (key) => key.createdBy.userId,
  createdByKeyId: (key) => key.createdBy.keyId,
  expiresAt: (key) => key.expiresAt,
  lastUsedAt: (key) => key.lastUsedAt,
  lastUsedIp: (key) => key.lastUsedIp,
  uses: (key) => key.uses,
  revokedAt: (key) => key.revokedAt,
  revokedByUserId: (key) => key.revokedBy?.userId ?? null,
  revokedByKeyId: (key) => key.revokedBy?.keyId ?? null,
  revokeReason: (key) => key.revokeReason,
};

/** What spreadsheets take for a formula, even behind spaces, which they skip. */
const formula = /^\s*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r\n]/;

/** A cell (RFC 4180). Texts that would be formulas begin with an apostrophe. */
function cell(value: Cell | Date): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = value instanceof Date ? value.toISOString() : value;
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`;

export const csvHeader = line(Object.keys(columns));

export const csvLine = (key: KeyView): string =>
  line(Object.values(columns).map((valueOf) => cell(valueOf(key))));
