import { existsSync } from 'node:fs';
import { baselineOf } from '../../reports/baseline/baseline-of.ts';
import type { Baseline } from '../../reports/baseline/baseline-shape.ts';
import { baselineText } from '../../reports/baseline/baseline-text.ts';
import { followChanges } from '../../reports/baseline/follow-changes.ts';
import { compareBaselines } from '../../reports/baseline/compare.ts';
import type { Difference } from '../../reports/baseline/difference.ts';
import { failed, type Result, succeeded } from '../../core/result.ts';
import type { Results } from '../../reports/shapes/results-shape.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { checkWritable } from '../files/check-writable.ts';
import { isRepeatedDifferently } from '../run/is-repeated-differently.ts';
import { readBaseline } from './read-baseline.ts';
import type { RunOptions } from '../run/run-options.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/** Compares a run with a baseline, or writes the results of the run as the new baseline. */
export interface Gate {
  /** Returns the differences from the baseline; an empty list if the run writes a new baseline. */
  compare(results: Results): readonly Difference[];
  /** Writes the baseline if requested, and returns the exit code of the run. */
  end(results: Results, differences: readonly Difference[]): number;
}

/** The options for a baseline. A recorded run may not contain the values of `sabotage`, `grep` and `shard`. */
type GateOptions = Partial<
  Pick<RunOptions, 'baseline' | 'updateBaseline' | 'slowerThan' | 'grep' | 'lastFailed' | 'shard' | 'sabotage'>
>;

/** Returns the gate; undefined if the options name no baseline. Fails if the options conflict or the file is not a baseline. */
export function openGate(options: GateOptions): Result<Gate | undefined> {
  const { baseline: file, updateBaseline = false, slowerThan } = options;
  if (file === undefined) {
    if (updateBaseline) return failed('no-baseline', '--update-baseline needs --baseline FILE, the file to write');
    return slowerThan === undefined
      ? succeeded(undefined)
      : failed('no-baseline', '--slower-than needs --baseline FILE, which has the earlier durations');
  }
  if (options.sabotage !== undefined) {
    return failed(
      'sabotage',
      'the results of a run with --sabotage cannot be compared with a baseline; remove --baseline',
    );
  }
  const isPart = options.grep !== undefined || options.shard !== undefined || options.lastFailed === true;
  if (updateBaseline) {
    if (isPart) {
      return failed(
        'part',
        '--update-baseline needs the results of all scenarios; remove --grep, --shard and --last-failed',
      );
    }
    const writable = checkWritable(file);
    return writable.ok ? succeeded(updatingGate(file, slowerThan !== undefined)) : writable;
  }
  if (!existsSync(file)) {
    return failed('no-baseline', `there is no baseline ${file} yet; write it with --update-baseline`);
  }
  const baseline = readBaseline(file);
  return baseline.ok ? succeeded(comparingGate(baseline.value, { slowerThan, isPart })) : baseline;
}

function updatingGate(file: string, withTimes: boolean): Gate {
  return {
    compare: () => [],
    end: (results) => {
      const code = exitCodeOf(results);
      // A baseline without the results of some scenarios would make these scenarios new in the next comparison.
      const isConclusive =
        results.complete &&
        results.troubles.length === 0 &&
        results.summary.unknown === 0 &&
        !isRepeatedDifferently(results);
      if (isConclusive) writeAtomically(file, baselineText(baselineOf(results), withTimes));
      process.stderr.write(
        isConclusive
          ? `baseline ${file} written\n`
          : `baseline ${file} not written: some scenarios have no conclusive verdict\n`,
      );
      return code;
    },
  };
}

function comparingGate(baseline: Baseline, settings: Parameters<typeof compareBaselines>[2]): Gate {
  return {
    compare: (results) => compareBaselines(baseline, baselineOf(results), settings),
    end: (results, differences) => {
      if (differences.some(({ isRegression }) => isRegression)) return exitCodes.regression;
      // There is no regression here, so each failing scenario failed in the baseline too, or is new.
      const failing = results.scenarios.filter(({ verdict }) => verdict === 'fail');
      const former = followChanges(baseline, baselineOf(results)).old.scenarios;
      const isKnown = failing.every(({ id }) => former[id]?.verdict === 'fail');
      // A known failure does not hide a scenario without a conclusive verdict.
      return exitCodeOf(isKnown ? { ...results, summary: { ...results.summary, failed: 0 } } : results);
    },
  };
}
