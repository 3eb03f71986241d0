import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlaybackMessage } from './playwright-reporter.ts';
import { openRunDirectory, type RunDirectory, runDirectoryVariable } from '../../sim/tpm/state-dirs.ts';
import { type PlanMessage, planVariable } from './plan.ts';

export interface PlaywrightSettings {
  readonly retries: number;
  /** Such as `1/3`. */
  readonly shard?: string;
}

/** A process of Playwright Test, which starts and then waits for a plan. */
export interface Playwright {
  /** Sends the plan and subscribes to the messages. May be called once. */
  play(planFile: string, onMessage: (message: PlaybackMessage) => void): void;
  /** Returns its output so far, without that of our reporter. */
  printed(): string;
  /** Asks it to stop the running scenarios and to end. */
  interrupt(): void;
  kill(): void;
  /** Resolves when the process has ended and all its messages were received. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/**
 * Starts Playwright Test as a child in a new process group, so that it receives Ctrl-C once, from us. When the IPC channel closes, the
 * child ends: see end-with-parent.ts.
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
      // If the child has ended already, `ended` reports it.
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
 * Opens a directory for the temporary files of all workers, because a killed worker cannot remove its own. Returns undefined if the
 * system's temporary folder cannot be used: most scenarios need no temporary files.
 */
function runDirectory(): RunDirectory | undefined {
  try {
    return openRunDirectory();
  } catch {
    return undefined;
  }
}

/**
 * Disables the module loader of Playwright Test. The loader transforms the configuration before it reads `build.external` from it, and
 * leaves the results in the temporary folder for ever. Without it, the bundle is loaded directly, which also starts faster.
 */
const withoutTransforms = { PW_DISABLE_TS_ESM: '1' };

/**
 * Size of the young generation in megabytes. Most objects of a scenario are then dead before a collection, which saves a tenth of the
 * processor time of the shipped suite. The workers of Playwright Test inherit the option.
 */
const youngGeneration = ['--min-semi-space-size=32', '--max-semi-space-size=32'];

/** The configuration is beside this file in the bundle (bundle.mjs). */
function playwrightArguments({ retries, shard }: PlaywrightSettings): string[] {
  const require = createRequire(import.meta.url);
  const commandLine = join(dirname(require.resolve('@playwright/test/package.json')), 'cli.js');
  const config = fileURLToPath(new URL('playwright.config.js', import.meta.url));
  const again = ['--retries', String(retries)];
  const part = shard === undefined ? [] : ['--shard', shard];
  const options = ['-c', config, '--pass-with-no-tests', ...again, ...part];
  return [...youngGeneration, commandLine, 'test', ...options];
}

/** Kills the child and its workers, which share its process group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended meanwhile.
  }
}
