import { Command, CommanderError } from 'commander';
import { addTrust } from './commands/trust.ts';
import { addAudit } from './commands/audit.ts';
import { addCheck } from './commands/check.ts';
import { addCompare } from './commands/compare.ts';
import { addCompletion } from './commands/completion.ts';
import { addConform } from './commands/conform.ts';
import { addCert } from './commands/cert.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addInit } from './commands/init.ts';
import { addList } from './commands/list.ts';
import { addMatrix } from './commands/matrix.ts';
import { addMerge } from './commands/merge.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addSchema } from './commands/schema.ts';
import { addServe } from './commands/serve.ts';
import { addShowReport } from './commands/show-report.ts';
import { addStudio } from './commands/studio.ts';
import { exitCodes } from './exit-codes.ts';
import { helpText } from './help-text.ts';
import { FileProblem } from './files/file-problem.ts';
import { packageVersion } from './package-root.ts';
import { optimizeLater } from './process/optimize-later.ts';

/** Runs the `rehearse` command and sets `process.exitCode`. @param argv as in `process.argv`. */
export async function main(argv: readonly string[]): Promise<void> {
  optimizeLater();
  outliveItsOutput(argv[2]);
  try {
    await program().parseAsync(argv);
  } catch (error) {
    if (error instanceof FileProblem) {
      process.stderr.write(`error: ${error.message}\n`);
      process.exitCode = exitCodes.mistake;
      return;
    }
    // An error that is not a CommanderError is a bug, which rehearse.mjs reports.
    if (!(error instanceof CommanderError)) throw error;
    // `--help` and `--version` end with a CommanderError too.
    process.exitCode = error.exitCode === 0 ? exitCodes.asExpected : exitCodes.mistake;
  }
}

/**
 * The sub-commands of `rehearse`, in the order of the help. Each function adds one command to the program, with an action that sets
 * `process.exitCode`. A new command needs one file, such as `commands/run.ts`, and one line here.
 */
export const commands: readonly ((program: Command) => void)[] = [
  addRun,
  addMatrix,
  addServe,
  addStudio,
  addConform,
  addTrust,
  addExplain,
  addShowReport,
  addReport,
  addMerge,
  addCompare,
  addCheck,
  addList,
  addInit,
  addSchema,
  addAudit,
  addCert,
  addDoctor,
  addCompletion,
];

/** Returns the command with all its sub-commands. */
export function program(): Command {
  const root = new Command('rehearse')
    .description(
      'Runs timelines of devices from the factory to the field, and shows why DPS accepted or rejected a device.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .showHelpAfterError('(see rehearse --help)')
    .exitOverride();
  for (const add of commands) add(root);
  for (const command of root.commands) {
    nameOwnHelp(command, root.name());
    command.addHelpText('after', helpText(command.name()));
  }
  return root;
}

/** Makes each usage error point to the help of its command, which lists the options. */
function nameOwnHelp(command: Command, before: string): void {
  const words = `${before} ${command.name()}`;
  command.showHelpAfterError(`(see ${words} --help)`);
  for (const inner of command.commands) nameOwnHelp(inner, words);
}

/**
 * Keeps a command running if its output cannot be written: after `rehearse list | head -3`, and on a full disk. A command that writes files
 * keeps its exit code. For other commands the output is the result, so exit code 3 says that the output is incomplete.
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
    if (isLost && (process.exitCode ?? 0) === 0 && !writesFiles.has(command ?? ''))
      process.exitCode = exitCodes.inconclusive;
  });
}

const writesFiles = new Set(['run', 'matrix', 'merge', 'serve', 'studio']);
