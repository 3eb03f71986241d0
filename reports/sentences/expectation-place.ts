import type { Run, StepVerdict } from '../../core/run/run.ts';

/** The positions of an expectation and of its step in a scenario file. Lines count from 1. */
export interface ExpectationPlace {
  readonly line: number;
  /** First line of the step; undefined if the run did not reach it. */
  readonly step: number | undefined;
}

/**
 * Returns where the scenario file states an expectation, and where its step begins. The two positions are far apart if the expectation is
 * in the matrix.
 */
export function expectationPlace(
  { history }: Pick<Run, 'history'>,
  { step, line }: Pick<StepVerdict, 'step' | 'line'>,
): ExpectationPlace {
  const begun = history.find((event) => event.kind === 'step-started' && event.step === step);
  return { line, step: begun?.kind === 'step-started' ? begun.line : undefined };
}

/** Describes the two positions: `expected by line 18 of leaf-expires.yaml, step at line 25`. */
export function placeText(file: string, { line, step }: ExpectationPlace): string {
  const at = step === undefined ? '' : `, step at line ${step}`;
  return `expected by line ${line} of ${file.split(/[\\/]/).at(-1) ?? file}${at}`;
}
