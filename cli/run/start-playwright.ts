import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlaybackMessage } from './playback-message.ts';
import { openRunDirectory, type RunDirectory, runDirectoryVariable } from '../../sim/tpm/state-dirs.ts';
import { type PlanMessage, planVariable } from './plan.ts';

export interface PlaywrightSettings {
  readonly retries: number;
  /** Such as `1/3`. */
  readonly shard?: string;
}

/** Playwright Test, which gets ready by itself and then waits for a plan. */
export interface Playwright {
  /** Lets it play the plan in this file and listens to it. Once. */
  play(planFile: string, onMessage: (message: PlaybackMessage) => void): void;
  /** What it printed outside our reporter until now. */
  printed(): string;
  /** Asks it to stop what it plays and to end. */
  interrupt(): void;
  kill(): void;
  /** Resolves when the process is gone and everything it said was heard. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/**
 * Starts Playwright Test as a child in a process group of its own, so that a Ctrl-C reaches it once, through us. The
 * channel to it is also its lifeline: see end-with-parent.ts.
 */
export function startPlaywright(settings: PlaywrightSettings): Playwright {
  const directory = runDirectory();
  const child = spawn(process.execPath, playwrightArguments(settings), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
    env: {
      ...process.env,
      [planVariable]: undefined,
      [runDirectoryVariable]: directory?.path,
      ...withoutTransforms,
    },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => (printed += text));
  return {
    play: (planFile, onMessage) => {
      child.on('message', onMessage);
      // A child that is gone already is told by `ended`.
      child.send({ planFile } satisfies PlanMessage, () => {});
    },
    printed: () => printed,
    interrupt: () => void child.kill('SIGINT'),
    kill: () => killGroup(child),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        directory?.close();
        resolve({ code, signal });
      });
    }),
  };
}

/**
 * Opens a directory for the temporary files of all workers. A worker that is killed removes nothing. Undefined if the folder for
 * temporary files cannot hold it: most scenarios need none.
 */
function runDirectory(): RunDirectory | undefined {
  try {
    return openRunDirectory();
  } catch {
    return undefined;
  }
}

/**
 * Playwright Test transforms the files of a configuration before it has read `build.external` from it, and stores the results in
 * the folder for temporary files, for ever. Without its module loader it reads the bundle as it is, which also starts faster.
 */
const withoutTransforms = { PW_DISABLE_TS_ESM: '1' };

/**
 * Megabytes for what is young: what a scenario leaves is then mostly gone before it is looked through, which spared a tenth of
 * the processor time of the shipped suite. The workers of Playwright Test inherit it.
 */
const youngGeneration = ['--min-semi-space-size=32', '--max-semi-space-size=32'];

/** In the bundle (bundle.mjs) the configuration lies beside this file. */
function playwrightArguments({ retries, shard }: PlaywrightSettings): string[] {
  const require = createRequire(import.meta.url);
  const commandLine = join(dirname(require.resolve('@playwright/test/package.json')), 'cli.js');
  const config = fileURLToPath(new URL('playwright.config.js', import.meta.url));
  const again = ['--retries', String(retries)];
  const part = shard === undefined ? [] : ['--shard', shard];
  const options = ['-c', config, '--pass-with-no-tests', ...again, ...part];
  return [...youngGeneration, commandLine, 'test', ...options];
}

/** Ends the child and its workers: they share its process group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone in this moment, which is what was wanted.
  }
}
