import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { baselineOf } from '../../reports/baseline/baseline-of.ts';
import type { Baseline } from '../../reports/baseline/baseline-shape.ts';
import { baselineText } from '../../reports/baseline/baseline-text.ts';
import { compareBaselines, type Difference } from '../../reports/baseline/compare.ts';
import type { Results } from '../../reports/shapes/results-shape.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { FileProblem, whyNot } from '../files/file-problem.ts';
import { makeFolder } from '../files/make-folder.ts';
import { isRepeatedDifferently } from '../run/is-repeated-differently.ts';
import { readBaseline } from './read-baseline.ts';
import type { RunOptions } from '../run/run-scenarios.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/** What a run is held against, and perhaps becomes. */
export interface Gate {
  /** What differs; an update differs from nothing. */
  compare(results: Results): readonly Difference[];
  /** Writes the baseline where that was asked for, and returns the exit code of the run. */
  end(results: Results, differences: readonly Difference[]): number;
}

/** `sabotage`, `grep` and `shard` of the run that is held against it, as far as they are known. */
type GateOptions = Partial<
  Pick<RunOptions, 'baseline' | 'updateBaseline' | 'slowerThan' | 'grep' | 'shard' | 'sabotage'>
>;

/** Undefined where no baseline was named. Returns a sentence where the options do not go together or the file is none. */
export function openGate(options: GateOptions): Gate | string | undefined {
  const { baseline: file, updateBaseline = false, slowerThan } = options;
  if (file === undefined) {
    if (updateBaseline) return '--update-baseline needs --baseline FILE, the file to write';
    return slowerThan === undefined
      ? undefined
      : '--slower-than needs --baseline FILE, to know how long it took before';
  }
  if (options.sabotage !== undefined) return 'a run with --sabotage says nothing of a design: leave --baseline out';
  const isPart = options.grep !== undefined || options.shard !== undefined;
  if (updateBaseline) {
    if (isPart) return '--update-baseline writes all scenarios: leave --grep and --shard out';
    const problem = whyNotWritable(file);
    if (problem !== undefined) return problem;
    return updatingGate(file, slowerThan !== undefined);
  }
  if (!existsSync(file)) return `there is no baseline ${file} yet; write it with --update-baseline`;
  const baseline = readBaseline(file);
  return typeof baseline === 'string' ? baseline : comparingGate(baseline, { slowerThan, isPart });
}

/** Known before the run, which may take long. */
function whyNotWritable(file: string): string | undefined {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) return `${file} is a folder; name a file`;
    const folder = dirname(resolve(file));
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return error instanceof FileProblem ? error.message : `${file} cannot be written: ${whyNot(error)}`;
  }
}

function updatingGate(file: string, withTimes: boolean): Gate {
  return {
    compare: () => [],
    end: (results) => {
      const code = exitCodeOf(results);
      // Half a run would make everything else look new the next time.
      const isShown =
        results.complete &&
        results.troubles.length === 0 &&
        results.summary.unknown === 0 &&
        !isRepeatedDifferently(results);
      if (isShown) writeAtomically(file, baselineText(baselineOf(results), withTimes));
      process.stderr.write(
        isShown ? `baseline ${file} written\n` : `baseline ${file} left as it was: not all was shown for certain\n`,
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
      const code = exitCodeOf(results);
      if (code !== exitCodes.expectationFailed || isRepeatedDifferently(results)) return code;
      // Nothing is worse, so what fails has failed before, or is new.
      const failing = results.scenarios.filter(({ verdict }) => verdict === 'fail');
      const isKnown = failing.every(({ id }) => baseline.scenarios[id]?.verdict === 'fail');
      return isKnown ? exitCodes.asExpected : code;
    },
  };
}
