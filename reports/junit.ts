import { mutationResultOf } from '../core/run/mutation-result.ts';
import type { Report, View } from './define-report.ts';
import { failureText } from './sentences/failure-text.ts';
import { flakyText } from './sentences/flaky-text.ts';
import { plainPaint } from './markup/paint.ts';
import { attributes, junitText, type JunitElement } from './markup/junit-element.ts';
import { xmlText } from './markup/plain-text.ts';
import type { PlayedRun, Playback } from './playback.ts';
import { titleOf } from './sentences/title-of.ts';

/** JUnit XML for Jenkins, GitLab and GitHub Actions: a suite for each file, and a case for each variant. */
export const junitReport: Report = {
  name: 'junit',
  summary: 'only JUnit XML',
  onScenario: () => '',
  onEnd: junitXml,
};

/** Returns the text of junit.xml. A scenario with the verdict `unknown` and a problem outside any scenario are errors. */
export function junitXml(playback: Playback, view: View): string {
  // Dashboards identify a suite by its name, so results of a run with a disabled check get another name than normal results.
  const mark = playback.sabotage === undefined ? '' : ` (sabotage: ${playback.sabotage})`;
  const suites = [...byFile(playback.played)].map(([file, played]) => ({
    ...attributes({ name: `${file}${mark}`, ...counts(played, 0) }),
    testcase: played.map((one) => caseOf(one, view)),
  }));
  const troubles = playback.troubles.length > 0 ? [suiteOfTroubles(playback.troubles)] : [];
  const root = {
    ...attributes({ name: `rehearse${mark}`, ...counts(playback.played, playback.troubles.length) }),
    testsuite: [...suites, ...troubles],
  };
  return junitText(root);
}

function byFile(played: readonly PlayedRun[]): Map<string, PlayedRun[]> {
  const files = new Map<string, PlayedRun[]>();
  for (const one of played) {
    const siblings = files.get(one.run.file);
    if (siblings === undefined) files.set(one.run.file, [one]);
    else siblings.push(one);
  }
  return files;
}

function counts(played: readonly PlayedRun[], troubles: number): Record<string, string | number> {
  const counted = (kind: string): number => played.filter(({ run }) => run.verdict.kind === kind).length;
  return {
    tests: played.length + troubles,
    failures: counted('fail') + played.filter(isFlakyFailure).length,
    errors: counted('unknown') + troubles,
    skipped: counted('skipped'),
    time: seconds(played.reduce((sum, { run }) => sum + run.wallMs, 0)),
  };
}

/** Returns true if a scenario passed in the first run, and a repeat had another result. */
function isFlakyFailure({ run, repeats }: PlayedRun): boolean {
  return run.verdict.kind === 'pass' && (repeats?.differences.length ?? 0) > 0;
}

function caseOf(played: PlayedRun, view: View): JunitElement {
  const { run, flaky, runFile } = played;
  const { kind, reason } = run.verdict;
  const sabotage = run.sabotage === undefined ? {} : { sabotage: run.sabotage, notice: mutationResultOf(run) };
  const known = {
    seed: run.seed,
    virtualDuration: run.virtualDuration,
    run: runFile ?? '',
    flaky: String(flaky),
    ...sabotage,
  };
  const problem = (type: string): JunitElement => ({
    ...attributes({ message: reason, type }),
    '#text': xmlText(failureText(run, view, plainPaint)),
  });
  const failures = [
    ...(isFlakyFailure(played) ? [attributes({ message: flakyText(played) ?? '', type: 'flaky' })] : []),
    ...(kind === 'fail' ? [problem('expectation')] : []),
  ];
  return {
    ...attributes({ name: titleOf(run), classname: run.id, file: run.file, time: seconds(run.wallMs) }),
    properties: { property: Object.entries(known).map(([name, value]) => attributes({ name, value })) },
    ...(failures.length > 0 ? { failure: failures } : {}),
    ...(kind === 'skipped' ? { skipped: attributes({ message: reason }) } : {}),
    ...(kind === 'unknown' ? { error: problem('unknown') } : {}),
  };
}

function suiteOfTroubles(troubles: readonly string[]): JunitElement {
  return {
    ...attributes({ name: 'rehearse', ...counts([], troubles.length) }),
    testcase: troubles.map((trouble) => {
      const message = trouble.split('\n')[0] ?? '';
      return {
        ...attributes({ name: message, classname: 'rehearse' }),
        error: { ...attributes({ message, type: 'trouble' }), '#text': xmlText(trouble) },
      };
    }),
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
