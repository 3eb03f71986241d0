import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Run } from '../../core/run/run.ts';
import type { Results } from '../../reports/shapes/results-shape.ts';

/** What a test puts into its folder: text by path. */
export type Files = Readonly<Record<string, string>>;

/** What the command left when it had ended. */
export interface Outcome {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly folder: string;
  /** A file of the folder; throws where there is none. */
  readonly read: (path: string) => string;
  /** results.json; throws where there is none. */
  readonly results: () => Results;
  /** The run.json of the scenario with this id. */
  readonly run: (id: string) => Run;
}

/** The real command at work in a folder of its own. */
export interface Started {
  readonly child: ChildProcess;
  readonly folder: string;
  /** Resolves with all that was printed when the command has printed the words. */
  printed(words: string): Promise<string>;
  /** Resolves with all of stderr when it has the words. */
  warned(words: string): Promise<string>;
  readonly ended: Promise<Outcome>;
}

/** Path of the command. */
export const command = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'cli', 'rehearse.mjs');

/** Writes the files to a new folder outside the checkout and starts `rehearse` there. The folder goes with the test. */
export function startInline(files: Files, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  return startIn(inlineFolder(files), args, env);
}

/** As `startInline`, to the end. */
export function runInline(files: Files, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return startInline(files, args, env).ended;
}

/** Runs `rehearse` once more in the folder of an earlier run. */
export function runIn(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return startIn(folder, args, env).ended;
}

/** As `startInline`, with no more than so many file descriptors. */
export function startWithDescriptors(limit: number, files: Files, args: readonly string[]): Started {
  return startIn(inlineFolder(files), args, {}, limit);
}

/** As `startInline`, in the folder of an earlier run. */
export function startAgainIn(folder: string, args: readonly string[]): Started {
  return startIn(folder, args, {});
}

function inlineFolder(files: Files): string {
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
  const has = (stream: 'stdout' | 'stderr', words: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (said[stream].includes(words)) resolve(said[stream]);
      };
      look();
      child[stream].on('data', look);
      child.once('close', () => reject(new Error(`it ended without printing ${words}:\n${said.stdout}${said.stderr}`)));
    });
  return {
    child,
    folder,
    printed: (words) => has('stdout', words),
    warned: (words) => has('stderr', words),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) => resolve(outcomeOf(folder, exitCode, said)));
    }),
  };
}

function outcomeOf(folder: string, exitCode: number | null, said: { stdout: string; stderr: string }): Outcome {
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
