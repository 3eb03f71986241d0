import type { Run } from '../../core/run/run.ts';
import { scenarioResult } from '../scenario-result.ts';
import { baselineOf } from './baseline-of.ts';
import type { Baseline } from './baseline-shape.ts';
import { compareBaselines } from './compare.ts';

/**
 * Returns a sentence for each difference between two runs of a scenario: verdict, outcome, deciding check, error code, or result of an
 * expectation. Empty if the runs do not differ.
 */
export function repeatDifferences(first: Run, again: Run): readonly string[] {
  const why = first.verdict.kind === again.verdict.kind ? '' : `: ${again.verdict.reason}`;
  const outcomes = compareBaselines(alone(first), alone(again), { isPart: true });
  const sentences = outcomes.map(({ kind, sentence }) => (ofVerdicts.has(kind) ? `${sentence}${why}` : sentence));
  return [...sentences, ...expectationDifferences(first, again)];
}

const ofVerdicts: ReadonlySet<string> = new Set(['verdict', 'skipped', 'better']);

function alone(run: Run): Baseline {
  return baselineOf({ scenarios: [scenarioResult({ run, attempts: 1, flaky: false, runFile: undefined })] });
}

/** Compares expectations by index and not by line, because a line of the file may have several expectations. */
function expectationDifferences(first: Run, again: Run): readonly string[] {
  return first.stepVerdicts.flatMap((was, index) => {
    const is = again.stepVerdicts[index];
    if (is === undefined || was.kind === is.kind) return [];
    const who = was.device === '' ? '' : ` of ${was.device}`;
    return [`the expectation${who} at line ${was.line} was ${was.kind} and is ${is.kind}`];
  });
}
