import type { AccessFacts } from '../../src/permissions/facts.js';
import type { QueryResult, Question } from '../../src/verification/fenced-records.js';
import type { Lookup } from '../../src/verification/record-reader.js';

/** The rows of a database at one moment. */
interface State {
  n: number;
  epoch: number;
  /** When it began, on the clock of the primary. */
  since: number;
  /** Version of each organisation, user and membership; a key's name carries its own. */
  rows: Record<string, number>;
  /** Which key a secret belongs to; none where it was removed. */
  secrets: Record<string, string | undefined>;
}

/** Where each key belongs. Keys share organisations and owners, as they do in life. */
const keys: Record<string, { org: string; owner: string }> = {
  key_1: { org: 'org_1', owner: 'usr_1' },
  key_2: { org: 'org_1', owner: 'usr_1' },
  key_3: { org: 'org_1', owner: 'usr_2' },
  key_4: { org: 'org_2', owner: 'usr_2' },
};

/** Whose secrets they are. One key has two, as while it is rotated. */
const holders: Record<string, string> = {
  secret_1: 'key_1',
  secret_2: 'key_2',
  secret_3: 'key_3',
  secret_4: 'key_4',
  second_1: 'key_1',
};

export const secrets = Object.keys(holders);

export const lookupOf = (secret: string): Lookup => ({
  digest: `digest of ${secret}`,
  hashes: () => [Buffer.from(`older hash of ${secret}`), Buffer.from(secret)],
});

interface LogRow {
  n: number;
  kind: string;
  reference: string;
}

/** Rows of the history that one response has room for: two small changes, but not one of all keys. */
const room = 4;

/** The rows that decisions on a key depend on, as the history refers to them. */
function referencesOf(key: string): [kind: string, reference: string][] {
  const { org, owner } = keys[key] as { org: string; owner: string };
  return [
    ['key', key],
    ['organisation', org],
    ['user', owner],
    ['membership', `${org}/${owner}`],
  ];
}

/** A primary of the test's own, all of whose past is known. */
export class SimulatedPrimary {
  /** Every state that it was ever in, in order. */
  readonly past: State[] = [
    {
      n: 0,
      epoch: 0,
      since: 0,
      rows: {},
      secrets: { ...holders },
    },
  ];
  private log: LogRow[] = [];
  /** Its clock, which goes on with everything that happens. */
  private time = 0;

  get now(): State {
    return this.past.at(-1) as State;
  }

  tick(): number {
    this.time += 1;
    return this.time;
  }

  /** Changes rows in one transaction. `what` chooses which ones. */
  change(what: number): void {
    const key = Object.keys(keys)[what % 4] as keyof typeof keys;
    const one = referencesOf(key)[(what >> 2) % 4] as [string, string];
    const isSecret = one[0] === 'key' && (what >> 4) % 2 === 0;
    const size = (what >> 5) % 8;
    // One of eight is noted as a change of everything, and one of eight touches every key.
    if (size === 0) this.write([one], ['everything', ''], isSecret);
    else if (size === 1) this.write(Object.keys(keys).map((each) => ['key', each]));
    else this.write([one], one, isSecret);
  }

  /** @param note what the history says of it; a row for each reference when left out */
  private write(
    references: readonly [string, string][],
    note?: [string, string],
    isSecret = false,
  ): void {
    const { rows, secrets: held, epoch } = this.now;
    const n = this.now.n + 1;
    const next = { n, epoch, since: this.tick(), rows: { ...rows }, secrets: { ...held } };
    for (const [, reference] of references) {
      const secret = reference.replace('key', 'secret');
      // Every other change of a key removes its secret, or brings it back.
      if (isSecret) next.secrets[secret] = held[secret] === undefined ? reference : undefined;
      else next.rows[reference] = (rows[reference] ?? 0) + 1;
    }
    this.past.push(next);
    const noted = note === undefined ? references : [note];
    this.log.push({ n, kind: 'advance', reference: '' });
    this.log.push(...noted.map(([kind, reference]) => ({ n, kind, reference })));
  }

  /** Forgets old history. */
  prune(): void {
    this.log = this.log.filter(({ n }) => n > this.now.n - 2);
  }

  /** Goes back to an earlier state, as a restored backup does, and records that. */
  restore(what: number): void {
    const earlier = this.past[what % this.past.length] as State;
    this.log = this.log.filter(({ n }) => n <= earlier.n);
    this.past.push({ ...earlier, epoch: this.now.epoch + 1, since: this.tick() });
  }

  respond({ after, hashes }: Question): QueryResult {
    const { n: head, epoch } = this.now;
    const changes = after === undefined ? [] : this.log.filter(({ n }) => n > after);
    return {
      head,
      identity: `epoch ${epoch}`,
      now: new Date(this.tick()),
      history: changes.length > room ? { isWhole: false } : { isWhole: true, changes },
      found: hashes.map((hash) => this.factsIn(this.now, hash.toString())),
    };
  }

  /** What a state holds of a secret, each row with its version. */
  factsIn({ rows, secrets: held }: State, secret: string): AccessFacts | undefined {
    const id = held[secret];
    if (id === undefined) return undefined;
    const { org, owner } = keys[id] as { org: string; owner: string };
    const version = (reference: string) => `${reference} ${rows[reference] ?? 0}`;
    return {
      key: { id, ownerId: owner, name: version(id), expiresAt: 5, isRevoked: false },
      owner: { id: owner, name: `${version(owner)} ${version(`${org}/${owner}`)}` },
      org: { id: org, name: version(org) },
    } as unknown as AccessFacts;
  }
}
