import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report, View } from '../reports/define-report.ts';
import type { Playback } from '../reports/playback.ts';
import { junitXml } from '../reports/junit.ts';
import { resultsJson, resultsOf } from '../reports/results-json.ts';
import { exitCodeOf } from './exit-codes.ts';
import type { Gate } from './gate.ts';
import { passSignalsOn } from './pass-signals-on.ts';
import type { PlaybackMessage } from './playback-message.ts';
import { PlaybackRecord } from './playback-record.ts';
import type { Playing } from './plan.ts';
import { ProgressLine } from './progress-line.ts';
import { SavedFirst } from './saved-first.ts';
import type { Playwright } from './start-playwright.ts';
import { Watchdogs } from './watchdogs.ts';
import { writeAtomically } from './write-atomically.ts';

export interface PlaySettings extends Playing {
  readonly report: Report;
  readonly view: View;
  /** Ready, and not yet told what to play. */
  readonly playwright: Playwright;
  readonly shard: string | undefined;
  /** What the run is held against. */
  readonly gate?: Gate | undefined;
  /** Writes what is made of the whole at the end, beside results.json and junit.xml. */
  readonly write: (playback: Playback) => void;
}

/** Plays a plan, reports as it goes, and returns the exit code. */
export async function playPlan(settings: PlaySettings): Promise<number> {
  const { plan, folder, report, view, playwright, shard, gate } = settings;
  const planFile = join(folder.scratch, 'plan.json');
  writeAtomically(planFile, JSON.stringify({ plan, folder } satisfies Playing));
  const record = new PlaybackRecord({ plan, folder }, shard);
  const save = (): void => writeAtomically(folder.results, resultsJson(record.playback()));
  save();
  if (plan.sabotage !== undefined) process.stdout.write(report.onSabotage?.(plan.sabotage, view) ?? '');

  const isWatched = report.name === 'terminal' && process.stdout.isTTY;
  const progress = new ProgressLine(plan.scenarios.length, isWatched);
  const watchdogs = new Watchdogs({ plan, folder }, (id) => record.hang(id));
  const saved = new SavedFirst(save);
  const onMessage = listener(settings, { record, progress, watchdogs, saved });
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
  const playback = record.playback();
  writeAtomically(folder.results, resultsJson(playback));
  writeAtomically(folder.junit, junitXml(playback, { ...view, colour: false }));
  settings.write(playback);
  const results = resultsOf(playback);
  const comparison = gate?.compare(results);
  const compared = comparison === undefined ? view : { ...view, comparison };
  process.stdout.write(report.onEnd(playback, compared));
  writeJobSummary(report.onSummary?.(playback, compared));
  if (gate === undefined || comparison === undefined) return signalCode ?? exitCodeOf(results);
  return signalCode ?? gate.end(results, comparison);
}

/** GitHub Actions names a file for it. */
function writeJobSummary(text: string | undefined): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (text !== undefined && file !== undefined && file !== '') appendFileSync(file, text);
}

interface Listeners {
  readonly record: PlaybackRecord;
  readonly progress: ProgressLine;
  readonly watchdogs: Watchdogs;
  readonly saved: SavedFirst;
}

function listener({ report, view }: PlaySettings, { record, progress, watchdogs, saved }: Listeners) {
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
          if (!message.willRetry) return progress.print(report.onScenario(played, view));
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
