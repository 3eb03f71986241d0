import { Command, CommanderError } from 'commander';
import { commands } from './commands/index.ts';
import { exitCodes } from './exit-codes.ts';
import { FileProblem } from './files/file-problem.ts';
import { packageVersion } from './package-root.ts';

/** The `rehearse` command; `argv` as Node has it. Leaves the exit code in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  outliveItsOutput(argv[2]);
  try {
    await program().parseAsync(argv);
  } catch (error) {
    if (error instanceof FileProblem) {
      process.stderr.write(`error: ${error.message}\n`);
      process.exitCode = exitCodes.mistake;
      return;
    }
    // Anything else is a fault of our own, which rehearse.mjs tells.
    if (!(error instanceof CommanderError)) throw error;
    // Help and version that were asked for are no mistakes.
    process.exitCode = error.exitCode === 0 ? exitCodes.asExpected : exitCodes.mistake;
  }
}

function program(): Command {
  const root = new Command('rehearse')
    .description(
      'Runs timelines of devices from the factory to the field, and shows why DPS accepted or rejected a device.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .showHelpAfterError('(rehearse --help says more)')
    .exitOverride();
  for (const add of commands) add(root);
  for (const command of root.commands) nameOwnHelp(command, root.name());
  return root;
}

/** Options are those of one command: its own help has them, and not that of the whole program. */
function nameOwnHelp(command: Command, before: string): void {
  const words = `${before} ${command.name()}`;
  command.showHelpAfterError(`(${words} --help says more)`);
  for (const inner of command.commands) nameOwnHelp(inner, words);
}

/**
 * Keeps a command going if its output cannot be written: after `rehearse list | head -3`, and on a full disk. What leaves results in
 * files ends as it would have; for the other commands the output is the result, and exit code 3 says that it is incomplete.
 */
function outliveItsOutput(command: string | undefined): void {
  let isLost = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || isLost) return;
      isLost = true;
      if (stream === process.stdout) process.stderr.write(`error: stdout cannot be written: ${error.message}\n`);
    });
  }
  process.on('exit', () => {
    if (isLost && (process.exitCode ?? 0) === 0 && !leavesFiles.has(command ?? ''))
      process.exitCode = exitCodes.notShown;
  });
}

const leavesFiles = new Set(['run', 'matrix', 'merge', 'serve', 'studio']);
