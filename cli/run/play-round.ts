import { join } from 'node:path';
import type { PlayedRun } from '../../reports/playback.ts';
import { passSignalsOn } from './pass-signals-on.ts';
import type { PlaybackMessage } from './playback-message.ts';
import type { PlaybackRecord } from './playback-record.ts';
import type { Playing } from './plan.ts';
import { ProgressLine } from './progress-line.ts';
import { SavedFirst } from './saved-first.ts';
import type { Playwright } from './start-playwright.ts';
import { Watchdogs } from './watchdogs.ts';
import { writeAtomically } from '../files/write-atomically.ts';

export interface Round extends Playing {
  /** Ready, and not yet told what to play. */
  readonly playwright: Playwright;
  /** Where all of it is noted. */
  readonly record: PlaybackRecord;
  /** Writes down all that is known. */
  readonly save: () => void;
  /** Whether somebody sees the last line of a terminal. */
  readonly isWatched: boolean;
  /** What is said of a scenario that has come to its end. */
  readonly tell: (played: PlayedRun) => string;
}

/** Plays a plan once, and notes what came of it. Returns the exit code of the signal that stopped it, if one did. */
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
    record.trouble(`Playwright Test ended ${how} before all was played\n${playwright.printed()}`.trim());
  }
  return signalCode;
}

interface Listeners {
  readonly progress: ProgressLine;
  readonly watchdogs: Watchdogs;
  readonly saved: SavedFirst;
}

function listener({ record, tell }: Round, { progress, watchdogs, saved }: Listeners) {
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
        if (played === undefined) return record.trouble(`${message.id} was played and is not in the plan`);
        return saved.say(() => {
          progress.ended(message.id);
          const { kind, reason } = played.run.verdict;
          if (!message.willRetry) return progress.print(tell(played));
          return progress.note(`${message.id}: ${kind} at attempt ${played.attempts}, will be tried again: ${reason}`);
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
