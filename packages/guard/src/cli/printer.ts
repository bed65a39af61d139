import { tableOf, type Column } from './table.js';
import { harmless, harmlessJson } from './text.js';

/** A label and what it is about. What is null is left out. */
export type Detail = [label: string, value: string | null];

const pad = 2;

/** Writes results: lines and tables for people, or JSON, one value in each line. */
export class Printer {
  constructor(readonly isJson: boolean) {}

  /** A result, as JSON or in words. */
  result(value: unknown, inWords: () => void): void {
    if (this.isJson) this.write(harmlessJson(value));
    else inWords();
  }

  line(text = ''): void {
    this.write(harmless(text));
  }

  /** What is about the output, and not part of what programs read. */
  note(text: string): void {
    if (this.isJson) process.stderr.write(`${harmless(text)}\n`);
    else this.line(text);
  }

  details(all: readonly Detail[]): void {
    const given = all.filter((each): each is [string, string] => each[1] !== null);
    const width = Math.max(...given.map(([label]) => label.length)) + pad;
    for (const [label, value] of given) {
      const [first = '', ...others] = value.split('\n').map(harmless);
      this.write(`${label.padEnd(width)}${first}`);
      for (const other of others) this.write(`${' '.repeat(width)}${other}`);
    }
  }

  table<T>(columns: readonly Column<T>[], items: readonly T[]): void {
    // A file or another program gets whole cells.
    const room = process.stdout.isTTY ? process.stdout.columns : Infinity;
    const { header, rows, missing } = tableOf(columns, items, room || Infinity);
    this.write([header, ...rows].join('\n'));
    if (missing.length > 0) {
      this.line(`A wider terminal also shows: ${missing.join(', ').toLowerCase()}.`);
    }
  }

  /** Rows of a table that began before. */
  moreRows<T>(columns: readonly Column<T>[], items: readonly T[]): void {
    const { rows } = tableOf(columns, items, Infinity);
    if (rows.length > 0) this.write(rows.join('\n'));
  }

  private write(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}
