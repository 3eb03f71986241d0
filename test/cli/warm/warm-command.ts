import { onTestFinished } from 'vitest';
import { withinRealTime } from '../../../core/time/clock.ts';
import { type Files, inlineFolder, type Outcome, outcomeOf, type Started, whenSaid } from '../run-inline.ts';
import { WarmHost } from './warm-host.ts';

/** A `rehearse` command that runs in a warm process, in which earlier commands ran. */
export interface WarmStarted extends Omit<Started, 'child'> {
  signal(name: NodeJS.Signals): void;
}

const hosts: WarmHost[] = [];

/**
 * Does the same as `runInline`, but in a process that stays for the next command, which saves the time of a start. Use it for tests of
 * results. A test of the process itself (its end, its streams, a crash, variables that Node reads) needs `runInline`.
 */
export function runWarm(files: Files, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return startWarm(files, args, env).ended;
}

/** Runs `rehearse` again in the folder of an earlier run. */
export function runWarmIn(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return startWarmIn(folder, args, env).ended;
}

/** Starts `rehearse` in a new folder, which is removed after the test. A command that still runs is ended. */
export function startWarm(files: Files, args: readonly string[], env: NodeJS.ProcessEnv = {}): WarmStarted {
  return startWarmIn(inlineFolder(files), args, env);
}

/** Does the same as `startWarm`, in the folder of an earlier run. */
export function startWarmIn(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): WarmStarted {
  const host = freeHost();
  const said = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  const look = (): void => watchers.forEach((watch) => watch());
  const exit = host.run({ folder, args, env }, (stream, text) => {
    said[stream] += text;
    look();
  });
  const ended = exit.then((exitCode) => outcomeOf(folder, exitCode, said));
  ended.then(look, look);
  onTestFinished(async () => {
    if (host.isFree) return;
    host.signal('SIGTERM');
    try {
      await withinRealTime(exit, 20_000, `rehearse ${args.join(' ')} did not end after SIGTERM`);
    } finally {
      if (!host.isFree) host.signal('SIGKILL');
    }
  });
  const has = whenSaid(said, ended, (watch) => void watchers.add(watch));
  return {
    folder,
    printed: (words) => has('stdout', words),
    warned: (words) => has('stderr', words),
    ended,
    signal: (name) => host.signal(name),
  };
}

/** Returns a process that runs no command; starts one if there is none. */
function freeHost(): WarmHost {
  const free = hosts.find(({ isFree }) => isFree);
  if (free !== undefined) return free;
  const started = new WarmHost();
  hosts.push(started);
  return started;
}
