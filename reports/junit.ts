import { createRequire } from 'node:module';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import { mutationResultOf } from '../core/run/mutation-result.ts';
import type { Report, View } from './define-report.ts';
import { failureText } from './sentences/failure-text.ts';
import { flakyText } from './sentences/flaky-text.ts';
import { plainPaint } from './markup/paint.ts';
import { oneLine, xmlText } from './markup/plain-text.ts';
import type { PlayedRun, Playback } from './playback.ts';
import { titleOf } from './sentences/title-of.ts';

/** JUnit XML for Jenkins, GitLab and GitHub Actions: a suite per file, a case per variant. */
export const junitReport: Report = {
  name: 'junit',
  summary: 'only JUnit XML',
  onScenario: () => '',
  onEnd: junitXml,
};

/** Returns the text of junit.xml. The verdict `unknown` is an error, and so is a problem outside any scenario. */
export function junitXml(playback: Playback, view: View): string {
  const document = xmlBuilder().create({ version: '1.0', encoding: 'UTF-8' });
  // Dashboards identify a suite by its name, so results of a run with a disabled check get another name than normal results.
  const mark = playback.sabotage === undefined ? '' : ` (sabotage: ${playback.sabotage})`;
  const root = document.ele('testsuites', {
    name: `rehearse${mark}`,
    ...counts(playback.played, playback.troubles.length),
  });
  for (const [file, played] of byFile(playback.played)) {
    const suite = root.ele('testsuite', { name: attribute(`${file}${mark}`), ...counts(played, 0) });
    for (const one of played) addCase(suite, one, view);
  }
  if (playback.troubles.length > 0) addTroubles(root, playback.troubles);
  return `${document.end({ prettyPrint: true })}\n`;
}

/** Loads xmlbuilder2 only when XML is written, because loading it takes longer than the rest of the start. */
function xmlBuilder(): typeof import('xmlbuilder2') {
  return createRequire(import.meta.url)('xmlbuilder2') as typeof import('xmlbuilder2');
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

/** Returns true if a scenario passed, and a repeat had another result. */
function isFlakyFailure({ run, repeats }: PlayedRun): boolean {
  return run.verdict.kind === 'pass' && (repeats?.differences.length ?? 0) > 0;
}

function addCase(suite: XMLBuilder, played: PlayedRun, view: View): void {
  const { run, flaky, runFile } = played;
  const { kind, reason } = run.verdict;
  const element = suite.ele('testcase', {
    name: attribute(titleOf(run)),
    classname: attribute(run.id),
    file: attribute(run.file),
    time: seconds(run.wallMs),
  });
  const properties = element.ele('properties');
  const sabotage = run.sabotage === undefined ? {} : { sabotage: run.sabotage, notice: mutationResultOf(run) };
  const known = {
    seed: run.seed,
    virtualDuration: run.virtualDuration,
    run: runFile ?? '',
    flaky: String(flaky),
    ...sabotage,
  };
  for (const [name, value] of Object.entries(known)) properties.ele('property', { name, value: attribute(value) });
  const message = attribute(reason);
  const text = (): string => xmlText(failureText(run, view, plainPaint));
  if (isFlakyFailure(played)) element.ele('failure', { message: attribute(flakyText(played) ?? ''), type: 'flaky' });
  if (kind === 'skipped') element.ele('skipped', { message });
  if (kind === 'fail') element.ele('failure', { message, type: 'expectation' }).txt(text());
  if (kind === 'unknown') element.ele('error', { message, type: 'unknown' }).txt(text());
}

function addTroubles(root: XMLBuilder, troubles: readonly string[]): void {
  const suite = root.ele('testsuite', { name: 'rehearse', ...counts([], troubles.length) });
  for (const trouble of troubles) {
    const message = attribute(trouble.split('\n')[0] ?? '');
    suite
      .ele('testcase', { name: message, classname: 'rehearse' })
      .ele('error', { message, type: 'trouble' })
      .txt(xmlText(trouble));
  }
}

/** Replaces line breaks by spaces, as a parser does in attributes (XML 1.0 3.3.3). */
function attribute(text: string): string {
  return xmlText(oneLine(text));
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
