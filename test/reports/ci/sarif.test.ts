import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { checks } from '../../../core/checks.ts';
import { sarifReport } from '../../../reports/ci/sarif.ts';
import {
  failedStep,
  flakyPlayback,
  playbackOf,
  played,
  samplePlayback,
  sampleRun,
  sampleView,
} from '../sample-playback.ts';

/** The schema of SARIF 2.1.0. It names draft 4, but uses no keyword whose meaning changed since then. */
const {
  $schema: _,
  id: __,
  ...schema
} = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
) as Record<string, unknown>;
const isValid = new Ajv({
  strict: false,
  // A pattern of the schema is valid only without the flag `u`.
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => URL.canParse(text),
    'uri-reference': /^[\w\-.~%!$&'()*+,;=:@/?#[\]]*$/,
    'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
  },
}).compile(schema);

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object };
  }[];
  readonly partialFingerprints: object;
}

interface SarifRun {
  readonly tool: {
    readonly driver: { readonly rules: readonly { readonly id: string; readonly help: { text: string } }[] };
  };
  readonly invocations: readonly { executionSuccessful: boolean; toolExecutionNotifications: readonly object[] }[];
  readonly results: readonly Result[];
}

/** Makes the report, validates it, and returns its run. */
function sarifOf(...input: Parameters<typeof sarifReport.onEnd>): SarifRun {
  const log = JSON.parse(sarifReport.onEnd(...input)) as { readonly runs: readonly [SarifRun] };
  expect(isValid(log), JSON.stringify(isValid.errors)).toBe(true);
  return log.runs[0];
}

const comparison = [
  { kind: 'gone', isRegression: true, id: 'a#b', sentence: 'was removed' },
  { kind: 'verdict', isRegression: true, id: 'odd', sentence: 'was pass and is unknown' },
  {
    kind: 'coverage',
    isRegression: true,
    id: 'warehouse-delay',
    sentence: 'is no longer covered by a passing scenario',
  },
  { kind: 'new', isRegression: false, id: 'c', sentence: 'is new' },
] as const;

test.each([
  ['sarif.json.txt', samplePlayback, { ...sampleView, comparison }],
  ['flaky.sarif.json.txt', flakyPlayback, sampleView],
] as const)('the SARIF report is valid and equals the golden file %s', async (name, playback, view) => {
  const { results, invocations, ...run } = sarifOf(playback, view);
  await expect(`${JSON.stringify({ results, invocations }, null, 2)}\n`).toMatchFileSnapshot(`../golden/${name}`);
  for (const { ruleId, ruleIndex } of results) expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
});

test('the SARIF schema rejects a log with an invalid `level`', () => {
  const log = JSON.parse(sarifReport.onEnd(samplePlayback, sampleView).replace('"level": "note"', '"level": "info"'));
  expect(isValid(log)).toBe(false);
});

test('the SARIF report has a rule with a help text for every check', () => {
  const { rules } = sarifOf(samplePlayback, sampleView).tool.driver;
  for (const [id, sentence] of Object.entries(checks)) {
    expect(rules.find((rule) => rule.id === id)?.help.text).toContain(sentence);
  }
});

describe('a failed expectation', () => {
  const at = (more: object): Result | undefined =>
    sarifOf(
      playbackOf([played(sampleRun('a', 'fail', 'r', { stepVerdicts: [failedStep('meter', more)] }))]),
      sampleView,
    ).results[0];

  test('is a SARIF result at the line of the expectation, and the rule of the result is the deciding check', () => {
    expect(at({})).toMatchObject({
      ruleId: 'certificate-valid-now',
      level: 'error',
      message: { text: expect.stringContaining('expired 245 days ago') },
      locations: [{ physicalLocation: { region: { startLine: 31, startColumn: 13 } } }],
    });
  });

  test('keeps its fingerprint if lines or steps are inserted before it', () => {
    expect(at({ line: 99, column: 1, step: 7 })?.partialFingerprints).toEqual(at({})?.partialFingerprints);
    expect(at({ device: 'other' })?.partialFingerprints).not.toEqual(at({})?.partialFingerprints);
  });

  test('is a result of the rule `expectation` if no check decided', () => {
    expect(at({ trace: [] })?.ruleId).toBe('expectation');
  });
});

test('SARIF writes a path with blanks and special characters as a URI', () => {
  const uriOf = (file: string): string | undefined =>
    sarifOf(playbackOf([played(sampleRun('a', 'fail', 'r', { file }))]), sampleView).results[0]?.locations[0]
      ?.physicalLocation.artifactLocation.uri;
  expect(uriOf('dir one/a#b%.yaml')).toBe('dir%20one/a%23b%25.yaml');
  expect(uriOf('/tmp/a b.yaml')).toBe('file:///tmp/a%20b.yaml');
});

test('SARIF names a disabled check in a notification, and reports a stopped run as not successful', () => {
  const disabled = sarifOf({ ...samplePlayback, sabotage: 'enrollment-found' }, sampleView);
  expect(disabled.results).toEqual([]);
  expect(JSON.stringify(disabled.invocations)).toContain('the check enrollment-found is disabled');
  const stopped = sarifOf({ ...playbackOf([]), complete: false }, sampleView);
  expect(stopped.invocations[0]).toMatchObject({ executionSuccessful: false });
});
