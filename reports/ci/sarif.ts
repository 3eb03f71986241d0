import { type CheckId, checks } from '../../core/checks.ts';
import type { Run, StepVerdict } from '../../core/run/run.ts';
import type { Difference } from '../baseline/difference.ts';
import type { Report, View } from '../define-report.ts';
import { oneLine } from '../markup/plain-text.ts';
import type { PlayedRun, Playback } from '../playback.ts';
import { flakyText } from '../sentences/flaky-text.ts';
import { titleOf } from '../sentences/title-of.ts';
import { expectedText } from '../sentences/expected-text.ts';
import { decidingLine, stepWhy } from '../sentences/why-text.ts';

/** SARIF 2.1.0 for code scanning: a result at the line of each failed expectation, with the deciding check as its rule. */
export const sarifReport: Report = {
  name: 'sarif',
  summary: 'SARIF 2.1.0 for code scanning',
  onScenario: () => '',
  onEnd: (playback, view) => `${JSON.stringify(logOf(playback, view), null, 2)}\n`,
};

function logOf(playback: Playback, view: View): object {
  const { shard, sabotage, seed, versions, complete, troubles } = playback;
  const differences = (view.comparison ?? []).filter(({ isRegression }) => isRegression);
  const parts = ['rehearsal', ...(shard === undefined ? [] : [shard]), ...(sabotage === undefined ? [] : [sabotage])];
  const notes = [
    ...troubles,
    ...(complete ? [] : ['incomplete: the run was stopped before its end']),
    // Scenarios that fail with a disabled check are expected to fail, so they are not results.
    ...(sabotage === undefined ? [] : [`the check ${sabotage} is disabled, so failed scenarios are not results`]),
    ...differences.filter(({ kind }) => kind === 'coverage').map(({ id, sentence }) => `topic ${id} ${sentence}`),
  ];
  const results = [...playback.played.flatMap(resultsOf), ...differences.flatMap((one) => regression(one, playback))];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Rehearsal', semanticVersion: versions.rehearsal, rules } },
        // The name of the category ends with a slash (SARIF 2.1.0 3.17.3).
        automationDetails: { id: `${parts.join('/')}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: complete && troubles.length === 0,
            toolExecutionNotifications: notes.map((text) => ({ level: 'error', message: { text: oneLine(text) } })),
          },
        ],
        results: sabotage === undefined ? results : [],
        properties: { seed },
      },
    ],
  };
}

/** SARIF rules that are not checks of a service: reasons why a run needs attention although no check decided its result. */
const ownRules = {
  expectation: 'the actual result of a step differs from the expected one, and no check decided it',
  inconclusive: 'a scenario has no conclusive verdict',
  flaky: 'a scenario has different results with the same seed',
  skipped: 'a scenario was skipped, because a program is missing',
  'baseline-regression': 'a result is worse than in the baseline',
} as const;

/** A `reportingDescriptor` (SARIF 2.1.0 3.49). */
interface Rule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly help: { readonly text: string };
  readonly defaultConfiguration: { readonly level: 'error' };
  readonly properties: { readonly tags: readonly string[] };
}

type RuleId = CheckId | keyof typeof ownRules;

const rules = [
  ...Object.entries(checks).map(([id, sentence]) =>
    ruleOf(
      id,
      sentence,
      `DPS or the hub applies the check ${id}: ${sentence}. The result gives the two values that it compared.`,
    ),
  ),
  ...Object.entries(ownRules).map(([id, sentence]) =>
    ruleOf(id, sentence, `Reported if ${sentence}. \`rehearse explain\` describes the run event by event.`),
  ),
];

const ruleIndexes: ReadonlyMap<string, number> = new Map(rules.map(({ id }, index) => [id, index]));

function ruleOf(id: string, sentence: string, help: string): Rule {
  return {
    id,
    shortDescription: { text: sentence },
    help: { text: help },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['device-provisioning'] },
  };
}

function resultsOf(played: PlayedRun): readonly object[] {
  const { run } = played;
  const { kind, reason } = run.verdict;
  const flaky = flakyText(played);
  const whole = { run, line: 1, column: undefined, key: '' } as const;
  if (flaky !== undefined) return [result('flaky', played.repeats === undefined ? 'warning' : 'error', flaky, whole)];
  if (kind === 'pass') return [];
  if (kind === 'skipped') return [result('skipped', 'note', reason, whole)];
  const open = run.stepVerdicts.filter((verdict) => verdict.kind === 'fail' || verdict.kind === 'unknown');
  if (open.length === 0) return [result(kind === 'fail' ? 'expectation' : 'inconclusive', 'error', reason, whole)];
  const seen = new Map<string, number>();
  return open.map((verdict) => {
    const { line, column } = verdict;
    const text =
      stepWhy(verdict) ?? `${verdict.device} expected ${expectedText(verdict)}, actual ${verdict.happened}`.trim();
    // The key omits the number of the step, so that the result keeps its key if the author inserts a step before this step.
    const key = `${verdict.name}/${verdict.device}/${ruleOfStep(verdict)}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return result(ruleOfStep(verdict), 'error', text, { run, line, column, key: `${key}/${count}` });
  });
}

function ruleOfStep({ trace, kind }: StepVerdict): RuleId {
  return trace.find(({ passed }) => !passed)?.check ?? (kind === 'unknown' ? 'inconclusive' : 'expectation');
}

/** The position of a result in a scenario file, and the key that identifies the result in later runs. */
interface Place {
  readonly run: Pick<Run, 'id' | 'file' | 'title' | 'variant'>;
  readonly line: number;
  readonly column: number | undefined;
  readonly key: string;
}

function result(ruleId: RuleId, level: 'error' | 'warning' | 'note', text: string, place: Place): object {
  const { run, line, column, key } = place;
  return {
    ruleId,
    ruleIndex: ruleIndexes.get(ruleId),
    level,
    message: { text: oneLine(`${titleOf(run)}: ${text}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(run.file),
          region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) },
        },
        logicalLocations: [{ fullyQualifiedName: run.id, kind: 'test' }],
      },
    ],
    partialFingerprints: { 'rehearsal/v1': `${ruleId}/${run.id}/${key}` },
  };
}

/** Returns a path as a URI reference, relative to the checkout; a path outside the checkout is absolute (RFC 3986, RFC 8089). */
function artifact(file: string): object {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return file.startsWith('/') ? { uri: `file://${path}` } : { uri: path, uriBaseId: '%SRCROOT%' };
}

/** Returns the result for a regression. A topic has no file, so it is a notification instead. */
function regression({ kind, id, sentence }: Difference, { played }: Playback): readonly object[] {
  if (kind === 'coverage') return [];
  const run = played.find((one) => one.run.id === id)?.run;
  // The ID of a removed scenario begins with the path of its file.
  const place = run ?? { id, file: `${id.split('#')[0]}.yaml`, title: id, variant: '' };
  const line = run === undefined ? 1 : decidingLine(run);
  return [result('baseline-regression', 'error', sentence, { run: place, line, column: undefined, key: kind })];
}
