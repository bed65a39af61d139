import type { ChainHead } from '../audit/chain.js';
import type { StoredHead } from '../audit/chain-verifier.js';
import type { Settings } from '../config/settings.js';
import { runCommand, UsageError } from './command.js';

const help = `Usage: npm run audit:verify -- [--expect <seq>:<hash>]...

Checks that the audit log is as it was written, and prints where it is not. Then the exit code is 1.

  --expect  a head of the log that was recorded earlier: this row must still have this hash. Also takes the
            whole auditHead of a line of the service's log, with its signature. Can be given several times.
  --help    prints this text

Example: npm run audit:verify -- --expect 1042:5d41…c592
`;

/** A head from `--expect`. A signature has to be one of ours. */
async function readCopy(text: string): Promise<(secrets: readonly string[]) => ChainHead> {
  const { parseHead, signatureOf } = await import('../audit/chain.js');
  const copy = parseHead(text);
  if (copy === undefined) {
    throw new UsageError(
      '--expect takes <seq>:<hash>, or the whole auditHead of a line of the log.',
    );
  }
  const { signature } = copy;
  return (secrets) => {
    if (signature !== undefined && !secrets.some((one) => signatureOf(copy, one) === signature)) {
      throw new Error(`The signature of head ${copy.seq} is not one of this KEYFENCE_SECRET.`);
    }
    return copy;
  };
}

/** The head that nodes of this data directory saw last, if any. */
async function seenHere(dataDir: string): Promise<StoredHead[]> {
  const { headFile, readRememberedHead } = await import('../audit/remembered-head.js');
  const seen = await readRememberedHead(dataDir);
  return seen === undefined ? [] : [{ ...seen.head, from: headFile(dataDir) }];
}

/** Compares the log with these copies, and prints the result. */
async function verify({ databaseUrl }: Settings, copies: readonly StoredHead[]): Promise<void> {
  const { formatHead } = await import('../audit/chain.js');
  const { verifyChain } = await import('../audit/chain-verifier.js');
  const { connect } = await import('../database/connect.js');
  const { createClient } = await import('../database/connection.js');
  const client = createClient(databaseUrl);
  try {
    await connect(client, 'DATABASE_URL');
    const { head, findings } = await verifyChain(client, copies, report);
    for (const finding of findings) process.stdout.write(`TAMPERED: ${finding}\n`);
    process.stdout.write(
      findings.length === 0
        ? `The audit log is intact: ${head.seq} rows, head ${formatHead(head)}\n`
        : `Intact up to row ${head.seq}, head ${formatHead(head)}\n`,
    );
    process.exitCode = findings.length === 0 ? 0 : 1;
  } finally {
    await client.end();
  }
}

/** A long log takes minutes. */
function report(rows: number): void {
  if (rows % 100_000 === 0) process.stderr.write(`${rows} rows are as they were written so far\n`);
}

await runCommand({
  help,
  options: { expect: { type: 'string', multiple: true, default: [] } },
  run: async ({ values }) => {
    const given = await Promise.all(values.expect.map(readCopy));
    const { withInstallation } = await import('./with-installation.js');
    const { openExistingInstallation } = await import('../bootstrap/installation.js');
    await withInstallation(async (settings) => {
      const copies = given.map((check) => check(settings.secrets));
      await verify(settings, [...copies, ...(await seenHere(settings.dataDir))]);
    }, openExistingInstallation);
  },
});
