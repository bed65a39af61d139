import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Times are milliseconds on the one clock of the driver. */
interface Span {
  begin: number;
  end: number;
}

/**
 * A key that decisions are asked on. What a decision depends on are switches, each on or off: the key
 * is valid while all that it `needs` are on, and holds a permission while all of the permission's are on.
 */
export interface Subject {
  type: 'key';
  id: string;
  needs: readonly string[];
  permissions: Readonly<Record<string, readonly string[]>>;
}

/** Means, among the permissions of a subject, "may be used from the driver's address". */
export const fromHere = 'from here';

/** `guarded` asks a service that the guard package protects, the others a node itself. */
export type ReadKind = NodeReadKind | 'guarded';
export type NodeReadKind = 'verify' | 'verify-batch' | 'whoami' | 'forward-auth';

/** One verification, and what its response said. */
export interface Reading extends Span {
  type: 'read';
  kind: ReadKind;
  key: string;
  node: number;
  /** `lost`: the connection broke. `hung`: the driver stopped waiting. `wrong`: a response that is never due. */
  result: 'valid' | 'invalid' | 'unavailable' | 'lost' | 'hung' | 'wrong';
  status: number;
  /** Permissions that a valid key was said to hold, and to lack. */
  holds: readonly string[];
  lacks: readonly string[];
  authSeq: number | undefined;
}

/** A change of the world, with all its attempts. */
export interface Change {
  type: 'change';
  kind: string;
  target: string;
  /** Where the last attempt went; -1 is the database itself. */
  node: number;
  begin: number;
  /** When it was known to be over; null when that never was. */
  end: number | null;
  /** `maybe`: it took effect or never will. `unknown`: it may still take effect. */
  result: 'ok' | 'refused' | 'maybe' | 'unknown';
  attempts: number;
  /** Status of a refusal. */
  status: number | undefined;
  /** Switches that it turns on, and off. */
  on: readonly string[];
  off: readonly string[];
  /** The number that it took, where its response named it. */
  authSeq: number | undefined;
  /**
   * So many numbers a job may take for the target beside it and afterwards, until another change says
   * otherwise.
   */
  later?: number;
}

/** Something that the nemesis did. */
export interface Trouble extends Span {
  type: 'trouble';
  kind: string;
  /** -1 for all of them, or the database. */
  node: number;
  /** How fast the node's clock goes meanwhile, where that is the trouble; 0 while it is stopped. */
  rate?: number;
  /** How many rows of the history the node missed, where that is the trouble. */
  rows?: number;
}

export type Line = Subject | Reading | Change | Trouble;

const perWrite = 10_000;

/**
 * Writes a history as JSON lines. It holds ids only, and no secret.
 *
 * @returns the path of the file
 */
export async function keepHistory(seed: number, lines: readonly Line[]): Promise<string> {
  const path = join(tmpdir(), `keyfence-history-${seed}-${Date.now()}.jsonl`);
  await writeFile(path, '');
  for (let from = 0; from < lines.length; from += perWrite) {
    const part = lines.slice(from, from + perWrite).map((line) => `${JSON.stringify(line)}\n`);
    await writeFile(path, part.join(''), { flag: 'a' });
  }
  return path;
}
