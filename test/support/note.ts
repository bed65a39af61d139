/** Says something that a reader of the run needs: a seed, what was measured. */
export function note(text: string): void {
  process.stdout.write(`${text}\n`);
}
