import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: boolean }>
>;

/** A command besides the service. It imports its dependencies only when it runs, so its help is quick. */
interface Command<O extends Options> {
  /** Printed by `--help`, and for wrong arguments. */
  help: string;
  options: O;
  /** Whether it takes positional arguments. */
  allowPositionals?: boolean;
  /** @throws UsageError when the arguments are wrong; any other error ends the process with code 1 */
  run: (args: Parsed<O>) => Promise<void>;
}

/** Wrong arguments. */
export class UsageError extends Error {}

/** Runs a command with the arguments of this process. Exit code 2 for wrong ones, 1 for a failure. */
export async function runCommand<const O extends Options>(command: Command<O>): Promise<void> {
  const { help, options, allowPositionals = false, run } = command;
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(help);
    return;
  }
  try {
    await run(parse({ args, options, allowPositionals }));
  } catch (error) {
    const isUsage = error instanceof UsageError;
    process.stderr.write(`${messageOf(error)}\n${isUsage ? `\n${help}` : ''}`);
    process.exit(isUsage ? 2 : 1);
  }
}

function parse<O extends Options>(config: {
  args: string[];
  options: O;
  allowPositionals: boolean;
}): Parsed<O> {
  try {
    return parseArgs(config);
  } catch (error) {
    // After the first sentence comes advice for developers.
    const [what = ''] = messageOf(error).split('. ');
    throw new UsageError(`${what}.`, { cause: error });
  }
}

/** One line for a person. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
