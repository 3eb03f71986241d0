import { join } from 'node:path';
import type { PlayedRun } from '../../reports/playback.ts';
import { passSignalsOn } from './pass-signals-on.ts';
import type { PlaybackMessage } from './playwright-reporter.ts';
import type { PlaybackRecord } from './playback-record.ts';
import type { Playing } from './plan.ts';
import { ProgressLine } from './progress-line.ts';
import { SavedFirst } from './saved-first.ts';
import type { Playwright } from './start-playwright.ts';
import { Watchdogs } from './watchdogs.ts';
import { writeAtomically } from '../files/write-atomically.ts';

export interface Round extends Playing {
  /** Started, and waiting for the plan. */
  readonly playwright: Playwright;
  /** Receives all results. */
  readonly record: PlaybackRecord;
  /** Writes all results so far to the disk. */
  readonly save: () => void;
  /** True if stdout is a terminal with a progress line. */
  readonly isWatched: boolean;
  /** Returns the report text of a finished scenario. */
  readonly describe: (played: PlayedRun) => string;
}

/** Runs a plan once and records the results. Returns the exit code of the signal that stopped it, if any. */
export async function playRound(round: Round): Promise<number | undefined> {
  const { plan, folder, playwright, record, save, isWatched } = round;
  const planFile = join(folder.scratch, 'plan.json');
  writeAtomically(planFile, JSON.stringify({ plan, folder } satisfies Playing), { isDurable: false });
  const progress = new ProgressLine(plan.scenarios.length, isWatched);
  const watchdogs = new Watchdogs({ plan, folder }, (id) => record.hang(id));
  const saved = new SavedFirst(save);
  const onMessage = listener(round, { progress, watchdogs, saved });
  const interruption = passSignalsOn(playwright);
  playwright.play(planFile, onMessage);
  const { code, signal } = await playwright.ended;
  interruption.stop();
  watchdogs.stop();
  saved.end();
  progress.clear();

  const signalCode = interruption.exitCode();
  if (signalCode === undefined && !record.playback().complete) {
    const how = signal === null ? `with code ${code}` : `by ${signal}`;
    record.trouble(`Playwright Test ended ${how} before all scenarios had run\n${playwright.printed()}`.trim());
  }
  return signalCode;
}

interface Listeners {
  readonly progress: ProgressLine;
  readonly watchdogs: Watchdogs;
  readonly saved: SavedFirst;
}

function listener({ record, describe }: Round, { progress, watchdogs, saved }: Listeners) {
  return (message: PlaybackMessage): void => {
    switch (message.kind) {
      case 'begun':
        return record.begin(message.ids);
      case 'scenario-started':
        progress.started(message.id);
        return watchdogs.watch(message.id, message.workerIndex);
      case 'scenario-ended': {
        watchdogs.release(message.id);
        const played = record.settle(message);
        if (played === undefined) return record.trouble(`${message.id} ran but is not in the plan`);
        return saved.run(() => {
          progress.ended(message.id);
          const { kind, reason } = played.run.verdict;
          if (!message.willRetry) return progress.print(describe(played));
          return progress.note(`${message.id}: ${kind} in attempt ${played.attempts}, will be retried: ${reason}`);
        });
      }
      case 'trouble':
        return record.trouble(message.sentence);
      case 'printed':
        return progress.note(message.text.trimEnd());
      case 'ended':
        return record.end();
    }
  };
}
