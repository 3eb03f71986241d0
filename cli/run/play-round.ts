import { join } from 'node:path';
import type { PlayedRun } from '../../reports/playback.ts';
import { counted } from '../../reports/markup/counted.ts';
import { watchSignals } from './interruption.ts';
import { OwnProcess } from './own-process.ts';
import type { Plan, PlannedScenario, Playing } from './plan.ts';
import { taskOf } from './plan.ts';
import type { PlaybackRecord } from './playback-record.ts';
import type { AttemptEnd, Player } from './player.ts';
import { ProgressLine } from './progress/progress-line.ts';
import { SavedFirst } from './saved-first.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface Round extends Playing {
  /** Maximum number of further attempts of a scenario that does not pass. */
  readonly retries: number;
  /** If given, no scenario starts after this number of scenarios that failed or were inconclusive. */
  readonly maxFailures?: number | undefined;
  /** True if the scenarios may run in this process. */
  readonly isInOwnProcess: boolean;
  /** Receives all results. */
  readonly record: PlaybackRecord;
  /** Writes all results so far to the disk. */
  readonly save: () => void;
  /** True if stdout is a terminal with a progress line. */
  readonly isWatched: boolean;
  /** Returns the report text of a finished scenario. */
  readonly describe: (played: PlayedRun) => string;
  /** Returns worker processes that have started before the round; undefined if there are none. The round closes them. */
  readonly takeWorkers: () => Promise<WorkerPool> | undefined;
  /** Prepares a finished scenario for the report. The round calls it when the next scenario has started. */
  readonly prepare: (played: PlayedRun) => void;
  /** Reports the results and ends the process at once. The watchdog triggers this call if a scenario blocks the process. */
  readonly endNow: () => never;
}

/** The end of a round. */
export interface RoundEnd {
  /** The exit code of the signal that stopped the round. */
  readonly signalCode: number | undefined;
  /** True if this process still runs a scenario that did not end in time. Then only `process.exit` can end the process. */
  readonly isAbandoned: boolean;
}

/** Runs a plan once and records the results. */
export async function playRound(round: Round): Promise<RoundEnd> {
  const { plan, record, save, isWatched } = round;
  const progress = new ProgressLine(plan.scenarios.length, isWatched);
  const saved = new SavedFirst(save);
  const interruption = watchSignals();
  const lanes = lanesOf(plan);
  const own = new OwnProcess(plan);
  let pool: Promise<WorkerPool> | undefined;
  const player = async (): Promise<Player> => {
    if (round.isInOwnProcess && !own.isAbandoned) return own;
    pool ??= round.takeWorkers() ?? openPool(lanes);
    const opened = await pool;
    opened.onOutput((text) => progress.note(text.trimEnd()));
    return opened;
  };
  const failures = { count: 0 };
  const isEnough = (): boolean => round.maxFailures !== undefined && failures.count >= round.maxFailures;
  const waiting = groups(plan.scenarios, lanes);
  const playWaiting = async (): Promise<void> => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      for (const planned of group) {
        if (interruption.signal.aborted || isEnough()) return;
        await playOne(round, planned, { player, progress, saved, failures, interrupted: interruption.signal });
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, playWaiting));
    if (!interruption.signal.aborted) record.end();
    if (isEnough())
      progress.note(`stopped after ${counted(failures.count, 'failure')} (--max-failures ${round.maxFailures})`);
  } finally {
    saved.end();
    progress.end();
    await Promise.all([own.close(), pool?.then((opened) => opened.close())]);
    interruption.stop();
  }
  return { signalCode: interruption.exitCode(), isAbandoned: own.isAbandoned };
}

/** Returns the number of scenarios that run at the same time. */
export function lanesOf({ scenarios, workers }: Plan): number {
  return Math.min(scenarios.length, workers);
}

/** Loads the module on demand: a small run needs no pool. */
async function openPool(workers: number): Promise<WorkerPool> {
  const { WorkerPool: Pool } = await import('./worker-pool.ts');
  return new Pool(workers);
}

interface Tools {
  /** Returns the player that runs the next attempt. */
  readonly player: () => Promise<Player>;
  readonly progress: ProgressLine;
  readonly saved: SavedFirst;
  /** Number of scenarios that failed or were inconclusive, after all retries. */
  readonly failures: { count: number };
  readonly interrupted: AbortSignal;
}

/** Runs one scenario until it passes or has no attempts left. */
async function playOne(round: Round, planned: PlannedScenario, tools: Tools): Promise<void> {
  const { record, retries, describe } = round;
  const { progress, saved, failures } = tools;
  for (let retry = 0; retry <= retries; retry++) {
    progress.started(planned.id);
    const startedAt = performance.now();
    const runFile = join(round.folder.path, 'runs', planned.slug, 'run.json');
    let hasEnded = false;
    const onHang = (): never => {
      // An abandoned scenario may block this process after its result is recorded.
      if (hasEnded) return round.endNow();
      const hung = { kind: 'hung' } as const;
      const wallMs = performance.now() - startedAt;
      progress.print(describe(record.settle(planned, { end: hung, retry, runFile, wallMs })));
      return round.endNow();
    };
    const end = await playAttempt(round, planned, { runFile, onHang }, tools);
    hasEnded = true;
    const played = record.settle(planned, { end, retry, runFile, wallMs: performance.now() - startedAt });
    const { kind, reason } = played.run.verdict;
    const isSettled = kind === 'pass' || kind === 'skipped' || end.kind === 'interrupted';
    if (isSettled || retry === retries) {
      if (kind === 'fail' || kind === 'unknown') failures.count++;
      setImmediate(() => round.prepare(played));
      return saved.run(() => {
        progress.ended(planned.id, kind);
        progress.print(describe(played));
      });
    }
    saved.run(() =>
      progress.note(
        `${planned.id}: attempt ${played.attempts} ended with ${kind}, the scenario runs again. Reason of the verdict: ${reason}`,
      ),
    );
  }
}

/** Runs a scenario once. Ends the attempt at its time limit, or when the run is interrupted. */
async function playAttempt(
  { plan }: Round,
  planned: PlannedScenario,
  { runFile, onHang }: { readonly runFile: string; readonly onHang: () => never },
  { player, interrupted }: Tools,
): Promise<AttemptEnd> {
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort('interrupted');
  interrupted.addEventListener('abort', onInterrupt);
  let limit: NodeJS.Timeout | undefined;
  const onStart = (): void => {
    limit = setTimeout(() => stop.abort('timed-out'), plan.timeLimitMs);
  };
  const task = taskOf(plan, planned, runFile);
  try {
    const next = await player();
    return await next.play(task, { onStart, onHang, signal: stop.signal });
  } finally {
    clearTimeout(limit);
    interrupted.removeEventListener('abort', onInterrupt);
  }
}

/**
 * Groups scenarios by file, in groups so small that at the end no worker is idle for long while another worker runs its group. The variants
 * of a group run one after another in one worker, which reads the file once.
 */
function groups(scenarios: readonly PlannedScenario[], lanes: number): (readonly PlannedScenario[])[] {
  const largest = Math.ceil(scenarios.length / (lanes * 8));
  const found: PlannedScenario[][] = [];
  for (const planned of scenarios) {
    const last = found.at(-1);
    if (last !== undefined && last[0]?.file === planned.file && last.length < largest) last.push(planned);
    else found.push([planned]);
  }
  return found;
}
