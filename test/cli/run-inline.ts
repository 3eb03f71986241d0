import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Run } from '../../core/run/run.ts';
import type { Results } from '../../reports/shapes/results-shape.ts';

/** The files in the folder of a test: each path with its text. */
export type Files = Readonly<Record<string, string>>;

/** The result of a `rehearse` command that has ended. */
export interface Outcome {
  /** Null if a signal ended the command. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly folder: string;
  /** Reads a file of the folder; throws if it does not exist. */
  readonly read: (path: string) => string;
  /** Reads results.json; throws if it does not exist. */
  readonly results: () => Results;
  /** Reads the run.json of the scenario with this ID. */
  readonly run: (id: string) => Run;
}

/** A running `rehearse` command, with its folder. */
export interface Started {
  readonly child: ChildProcess;
  readonly folder: string;
  /** Resolves with the complete stdout as soon as stdout contains the words. */
  printed(words: string): Promise<string>;
  /** Resolves with the complete stderr as soon as stderr contains the words. */
  warned(words: string): Promise<string>;
  readonly ended: Promise<Outcome>;
}

/** Path of `cli/rehearse.mjs`. */
export const command = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'cli', 'rehearse.mjs');

/** Writes the files to a new folder outside the checkout and starts `rehearse` there. Removes the folder after the test. */
export function startInline(files: Files, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  return startIn(inlineFolder(files), args, env);
}

/** Does the same as `startInline`, and waits until the command ends. */
export function runInline(files: Files, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return startInline(files, args, env).ended;
}

/** Runs `rehearse` again in the folder of an earlier run. */
export function runIn(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return startIn(folder, args, env).ended;
}

/** Does the same as `startInline`, with a limit on file descriptors. */
export function startWithDescriptors(limit: number, files: Files, args: readonly string[]): Started {
  return startIn(inlineFolder(files), args, {}, limit);
}

/** Does the same as `startInline`, in the folder of an earlier run. */
export function startAgainIn(folder: string, args: readonly string[]): Started {
  return startIn(folder, args, {});
}

/** Writes the files to a new folder outside the checkout, which is removed after the test. */
export function inlineFolder(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function startIn(folder: string, args: readonly string[], env: NodeJS.ProcessEnv, descriptors?: number): Started {
  const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
  const words = [process.execPath, command, ...args];
  const [program = '', ...rest] =
    descriptors === undefined ? words : ['sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', ...words];
  const child = spawn(program, rest, {
    cwd: folder,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve(outcomeOf(folder, exitCode, said)));
  });
  const has = whenSaid(said, ended, (look) => {
    for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
  });
  return {
    child,
    folder,
    printed: (words) => has('stdout', words),
    warned: (words) => has('stderr', words),
    ended,
  };
}

/**
 * Returns a function that waits until a stream of a command contains a text, and resolves with all text of the stream.
 *
 * @param onMore calls its argument after each new text.
 */
export function whenSaid(
  said: Readonly<Record<'stdout' | 'stderr', string>>,
  ended: Promise<unknown>,
  onMore: (look: () => void) => void,
): (stream: 'stdout' | 'stderr', words: string) => Promise<string> {
  return (stream, words) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (said[stream].includes(words)) resolve(said[stream]);
      };
      look();
      onMore(look);
      const fail = (): void => reject(new Error(`it ended without printing ${words}:\n${said.stdout}${said.stderr}`));
      ended.then(fail, fail);
    });
}

/** Returns the outcome of a command that ended in a folder. */
export function outcomeOf(
  folder: string,
  exitCode: number | null,
  said: { readonly stdout: string; readonly stderr: string },
): Outcome {
  const read = (path: string): string => {
    if (!existsSync(join(folder, path))) throw new Error(`${path} was not written\n${said.stdout}${said.stderr}`);
    return readFileSync(join(folder, path), 'utf8');
  };
  const results = (): Results => JSON.parse(read('rehearsal-report/results.json'));
  return {
    exitCode,
    ...said,
    folder,
    read,
    results,
    run: (id) => JSON.parse(read(`rehearsal-report/${results().scenarios.find((one) => one.id === id)?.runFile}`)),
  };
}
