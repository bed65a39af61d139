import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { formatHead, parseHead, signatureOf, type ChainHead } from './audit/chain.js';
import { verifyChain } from './audit/chain-verifier.js';
import { openExistingInstallation } from './bootstrap/installation.js';
import { exitOnFailure } from './bootstrap/process.js';
import { readSettings } from './config/settings.js';
import { createLogger } from './telemetry/logger.js';

const logger = createLogger();

/** A head as `--expect` names it. A signature has to be one of ours. */
function readCopy(text: string, secrets: readonly string[]): ChainHead {
  const copy = parseHead(text);
  if (copy === undefined) {
    throw new Error('--expect takes <seq>:<hash>, or the whole auditHead of a line of the log');
  }
  const { signature } = copy;
  if (signature !== undefined && !secrets.some((one) => signatureOf(copy, one) === signature)) {
    throw new Error(`the signature of head ${copy.seq} is not one of this KEYFENCE_SECRET`);
  }
  return copy;
}

/** Looks whether the audit log is as it was written, and says where it is not. */
async function verify(): Promise<void> {
  const { values } = parseArgs({ options: { expect: { type: 'string', multiple: true } } });
  const installation = await openExistingInstallation(readSettings(), (message) => {
    logger.info(message);
  });
  const { databaseUrl, secrets } = installation.settings;
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  try {
    const copies = (values.expect ?? []).map((text) => readCopy(text, secrets));
    await client.connect();
    const { head, findings } = await verifyChain(client, copies);
    for (const finding of findings) process.stdout.write(`TAMPERED: ${finding}\n`);
    process.stdout.write(
      findings.length === 0
        ? `The audit log is intact: ${head.seq} rows, head ${formatHead(head)}\n`
        : `Intact up to row ${head.seq}, head ${formatHead(head)}\n`,
    );
    process.exitCode = findings.length === 0 ? 0 : 1;
  } finally {
    await client.end();
    await installation.stop();
  }
}

await exitOnFailure(verify(), logger);
