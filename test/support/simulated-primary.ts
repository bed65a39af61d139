import type { AccessFacts } from '../../src/permissions/facts.js';
import type { Answer, Question } from '../../src/verification/fenced-records.js';
import type { Lookup } from '../../src/verification/record-reader.js';

/** The rows of a database at one moment. */
interface State {
  n: number;
  epoch: number;
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

export const secrets = Object.keys(keys).map((key) => key.replace('key', 'secret'));

export const lookupOf = (secret: string): Lookup => ({
  digest: `digest of ${secret}`,
  hashes: () => [Buffer.from(`older hash of ${secret}`), Buffer.from(secret)],
});

type LogRow = Answer['log'][number];

/** A primary of the test's own, all of whose past is known. */
export class SimulatedPrimary {
  /** Every state that it was ever in, in order. */
  readonly past: State[] = [
    { n: 0, epoch: 0, rows: {}, secrets: Object.fromEntries(secrets.map((one) => [one, one])) },
  ];
  private log: LogRow[] = [];

  get now(): State {
    return this.past.at(-1) as State;
  }

  /** Changes rows in one transaction. `what` chooses which ones. */
  change(what: number): void {
    const key = Object.keys(keys)[what % 4] as keyof typeof keys;
    const { org, owner } = keys[key] as { org: string; owner: string };
    const references: [string, string][] = [
      ['key', key],
      ['organisation', org],
      ['user', owner],
      ['membership', `${org}/${owner}`],
    ];
    const [kind, reference] = references[(what >> 2) % 4] as [string, string];
    const { rows, secrets: held, n, epoch } = this.now;
    const secret = key.replace('key', 'secret');
    // Every other change of a key removes its secret, or brings it back.
    const isSecret = kind === 'key' && (what >> 4) % 2 === 0;
    this.past.push({
      n: n + 1,
      epoch,
      rows: isSecret ? rows : { ...rows, [reference]: (rows[reference] ?? 0) + 1 },
      secrets: isSecret
        ? { ...held, [secret]: held[secret] === undefined ? secret : undefined }
        : held,
    });
    const isLarge = (what >> 5) % 8 === 0;
    this.log.push({ n: n + 1, kind: 'advance', reference: '' });
    this.log.push({
      n: n + 1,
      ...(isLarge ? { kind: 'everything', reference: '' } : { kind, reference }),
    });
  }

  /** Forgets old history. */
  prune(): void {
    this.log = this.log.filter(({ n }) => n > this.now.n - 2);
  }

  /** Goes back to an earlier state, as a restored backup does, and is told so. */
  restore(what: number): void {
    const earlier = this.past[what % this.past.length] as State;
    this.log = this.log.filter(({ n }) => n <= earlier.n);
    this.past.push({ ...earlier, epoch: this.now.epoch + 1 });
  }

  answer({ after, hashes }: Question): Answer {
    const { n: head, epoch } = this.now;
    return {
      head,
      identity: `epoch ${epoch}`,
      now: new Date(0),
      log: after === undefined ? [] : this.log.filter(({ n }) => n > after),
      found: hashes.map((hash) => this.factsIn(this.now, hash.toString())),
    };
  }

  /** What a state holds of a secret, each row with its version. */
  factsIn({ rows, secrets: held }: State, secret: string): AccessFacts | undefined {
    if (held[secret] === undefined) return undefined;
    const id = secret.replace('secret', 'key');
    const { org, owner } = keys[id] as { org: string; owner: string };
    const version = (reference: string) => `${reference} ${rows[reference] ?? 0}`;
    return {
      key: { id, ownerId: owner, name: version(id), expiresAt: 5, revokedAt: null },
      owner: { id: owner, name: `${version(owner)} ${version(`${org}/${owner}`)}` },
      org: { id: org, name: version(org) },
    } as unknown as AccessFacts;
  }
}
