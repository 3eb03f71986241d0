import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  test,
  type TestType,
} from '@playwright/test';
import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { defined } from '../../core/defined.ts';
import { junitXml } from '../../reports/junit.ts';
import { resultsJson } from '../../reports/results-json.ts';
import { pageText } from '../bundle/page-text.ts';
import { loadFiles } from '../files/load-files.ts';
import type { Lab, LabOptions } from '../lab/lab.ts';
import { startLab } from '../lab/start-lab.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { closeReportFolder, openReportFolder, type ReportFolder } from '../report/report-folder.ts';
import { viewOf } from '../report/view-of.ts';
import { writePages } from '../report/write-pages.ts';
import { makePlan, type Plan, type PlannedScenario, taskOf } from './plan.ts';
import { refusedPrograms } from './refused-programs.ts';
import { playPlanned } from './play-planned.ts';
import { PlaybackRecord } from './playback-record.ts';
import type { AttemptEnd } from './player.ts';

/**
 * The scenario of a test. An annotation of the test has it as JSON, so that the reporter finds it even after `playwright merge-reports`.
 */
interface Declared {
  readonly planned: PlannedScenario;
  readonly planSeed: string;
}

const annotationType = 'rehearsal';
const timeLimitS = 120;

/** The fixtures of `labTest`. */
export interface LabFixtures {
  /** Options for `startLab`, an option of the project: `use: { labOptions: { file: 'lab.yaml' } }`. */
  readonly labOptions: LabOptions;
  /** The lab of this test. It ends with the test. */
  readonly lab: Lab;
}

/**
 * A test of Playwright Test with its own lab:
 *
 *     labTest('the device registers', async ({ lab }) => { … });
 */
export const labTest: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & LabFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
> = test.extend<LabFixtures>({
  labOptions: [{}, { option: true }],
  lab: async ({ labOptions }, use) => {
    await using lab = await startLab(labOptions);
    await use(lab);
  },
});

/**
 * Declares a test of Playwright Test for each variant of the scenario files below a folder.
 *
 * @param paths files or folders, relative to the working directory. `/**` at the end of a folder is allowed.
 * @param settings.seed fixes every random choice. Default: the seed of the scenario, or `1`, so that all shards have the same seed.
 * @param settings.allowPrograms true if scenarios may start the programs that they name. Default: false.
 * @throws Error with all mistakes in the files, or if a scenario names a program and `allowPrograms` is not true.
 */
export function scenarioTests(
  paths: string | readonly string[],
  settings: { readonly seed?: string; readonly allowPrograms?: boolean } = {},
): void {
  const loaded = loadFiles([paths].flat().map(withoutStars));
  if (loaded.mistakes.length > 0) {
    throw new Error(loaded.mistakes.map(({ file, line, message }) => `${file}:${line} ${message}`).join('\n'));
  }
  const { seed, allowPrograms = false } = settings;
  const plan = makePlan(loaded, { ...defined({ seed }), defaultSeed: '1', timeLimit: timeLimitS, allowPrograms });
  const refused = allowPrograms ? undefined : refusedPrograms(loaded, plan);
  if (refused !== undefined) throw new Error(refused);
  test.describe.configure({ mode: 'parallel' });
  for (const planned of plan.scenarios) declare(plan, planned);
}

/** Returns the folder of a pattern such as `scenarios/**`, and a path without `*` unchanged. Throws for any other pattern. */
function withoutStars(path: string): string {
  const folder = path.replace(/\/\*\*(\/\*\.ya?ml)?$/, '');
  if (!folder.includes('*')) return folder;
  throw new Error(`${path} is not a file or a folder; expected a path such as scenarios, or scenarios/** for a folder`);
}

function declare(plan: Plan, planned: PlannedScenario): void {
  const variant = planned.variant === '' ? '' : ` (${planned.variant})`;
  const declared: Declared = { planned, planSeed: plan.seed };
  const details = {
    tag: planned.tags.map((tag) => `@${tag}`),
    annotation: { type: annotationType, description: JSON.stringify(declared) },
  };
  test(`${planned.id}: ${planned.title}${variant}`, details, async () => {
    const runFile = test.info().outputPath('run.json');
    const { verdict } = await playPlanned(taskOf(plan, planned, runFile));
    await test.info().attach('run', { path: runFile, contentType: 'application/json' });
    if (verdict.kind === 'skipped') test.skip(true, verdict.reason);
    if (verdict.kind !== 'pass') throw new Error(`${verdict.kind}: ${verdict.reason}`);
  });
}

/**
 * Writes the report folder of `rehearse run` from tests of `scenarioTests`: in a run, in a shard (`rehearse merge` merges the folders of
 * all shards), and in `playwright merge-reports`. Use: `reporter: [['dps-rehearsal/playwright', { reportDir }]]`.
 */
export default class RehearsalReporter implements Reporter {
  readonly #reportDir: string;
  #opened: { readonly plan: Plan; readonly folder: ReportFolder; readonly record: PlaybackRecord } | undefined;

  constructor({ reportDir = 'rehearsal-report' }: { readonly reportDir?: string } = {}) {
    this.#reportDir = reportDir;
  }

  onBegin(config: FullConfig, suite: Suite): void {
    const declared = suite.allTests().flatMap((one) => declaredOf(one) ?? []);
    const shard = config.shard === null ? undefined : `${config.shard.current}/${config.shard.total}`;
    const scenarios = declared.map(({ planned }) => planned);
    const empty = makePlan({ scenarios: [], mistakes: [], texts: {} }, { timeLimit: timeLimitS });
    const plan = { ...empty, seed: declared[0]?.planSeed ?? '1', matching: scenarios.length, scenarios };
    const opened = openReportFolder(this.#reportDir);
    if (!opened.ok) throw new Error(opened.failure.sentence);
    const folder = opened.value;
    this.#opened = { plan, folder, record: new PlaybackRecord({ plan, folder }, shard) };
  }

  onTestEnd(one: TestCase, result: TestResult): void {
    const planned = declaredOf(one)?.planned;
    if (planned === undefined || this.#opened === undefined) return;
    const { folder, record } = this.#opened;
    const runFile = join(folder.path, 'runs', planned.slug, 'run.json');
    const written = result.attachments.find(({ name }) => name === 'run')?.path;
    if (written !== undefined) {
      makeFolder(dirname(runFile));
      copyFileSync(written, runFile);
    }
    record.settle(planned, { end: endOf(result, written), retry: result.retry, runFile, wallMs: result.duration });
  }

  onEnd(): void {
    if (this.#opened === undefined) return;
    const { plan, folder, record } = this.#opened;
    record.end();
    const playback = record.playback();
    const view = { ...viewOf(plan, folder, undefined, { paths: [] }, pageText()), colour: false };
    writeAtomically(folder.results, resultsJson(playback));
    writeAtomically(folder.junit, junitXml(playback, view));
    writePages(folder, playback, view);
    closeReportFolder(folder);
  }
}

function declaredOf({ annotations }: TestCase): Declared | undefined {
  const text = annotations.find(({ type }) => type === annotationType)?.description;
  return text === undefined ? undefined : (JSON.parse(text) as Declared);
}

function endOf({ status, error }: TestResult, written: string | undefined): AttemptEnd {
  if (status === 'timedOut') return { kind: 'timed-out' };
  if (status === 'interrupted') return { kind: 'interrupted' };
  return written === undefined
    ? { kind: 'crashed', error: error?.message ?? 'no error message' }
    : { kind: 'completed' };
}
