import type { CheckId } from '../../core/checks.ts';
import type { Playback } from '../../reports/playback.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Gate } from '../report/gate.ts';
import type { Grep } from '../option-words.ts';
import type { Repetition } from './play-repeats.ts';
import { closeReportFolder, emptyReportFolder, openReportFolder } from '../report/report-folder.ts';
import { pageText } from '../bundle/page-text.ts';
import { type Playwright, startPlaywright } from './start-playwright.ts';

/** What `rehearse run` can be told. */
export interface RunOptions {
  readonly grep?: Grep;
  readonly workers?: number;
  readonly shard?: string;
  readonly retries: number;
  readonly seed?: string;
  readonly sabotage?: CheckId;
  readonly reporter: string;
  readonly reportDir: string;
  /** Real seconds. */
  readonly timeLimit: number;
  readonly repeat?: number;
  readonly untilDifferent?: true;
  readonly baseline?: string;
  readonly updateBaseline?: true;
  readonly slowerThan?: number;
}

/** Checks all files, plays what was chosen of them, reports, and returns the exit code. */
export async function runScenarios(paths: readonly string[], options: RunOptions): Promise<number> {
  if (options.untilDifferent !== undefined && options.repeat === undefined) {
    return mistake('--until-different needs --repeat COUNT, how often to play at the most');
  }
  const gate = await gateOf(options);
  if (typeof gate === 'string') return mistake(gate);
  emptyReportFolder(options.reportDir);
  // First of all: Playwright needs as long to get ready as we do to read and check the files.
  const playwright = startPlaywright(options);
  try {
    return await checkAndPlay(playwright, paths, options, gate);
  } finally {
    playwright.kill();
  }
}

async function checkAndPlay(
  playwright: Playwright,
  paths: readonly string[],
  options: RunOptions,
  gate: Gate | undefined,
): Promise<number> {
  const { loadFiles, makePlan, playPlan, reports, tellMistakes, viewOf, writePages } = await import('./run-parts.ts');
  const loaded = loadFiles(paths);
  if (loaded.mistakes.length > 0) return tellMistakes(loaded);
  const plan = makePlan(loaded, options);
  if (plan.scenarios.length === 0) {
    return mistake(`no scenario of ${loaded.scenarios.length} matches --grep ${options.grep?.text}`);
  }
  const folder = openReportFolder(options.reportDir);
  if (typeof folder === 'string') return mistake(folder);
  const report = reports.find(({ name }) => name === options.reporter) ?? reports[0];
  const view = viewOf(plan, folder, paths, options, pageText());
  try {
    const write = (playback: Playback): void => writePages(folder, playback, view);
    const repetition = repetitionOf(options);
    return await playPlan({ plan, folder, report, view, playwright, shard: options.shard, repetition, gate, write });
  } finally {
    closeReportFolder(folder);
  }
}

function repetitionOf({ repeat, untilDifferent }: RunOptions): Repetition | undefined {
  return repeat === undefined ? undefined : { count: repeat, untilDifferent: untilDifferent === true };
}

/** Loaded where it is asked for: it needs the shapes of the results. */
async function gateOf(options: RunOptions): Promise<Gate | string | undefined> {
  if (options.baseline === undefined && options.updateBaseline === undefined && options.slowerThan === undefined) {
    return undefined;
  }
  const { openGate } = await import('../report/gate.ts');
  return openGate(options);
}

function mistake(sentence: string): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCodes.mistake;
}
