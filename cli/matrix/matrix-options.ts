import type { MatrixFilter } from './cells.ts';

/** The output formats of `rehearse matrix`; each is also a file in the report folder. */
export const matrixForms = ['terminal', 'markdown', 'html'] as const;

/** The options of `rehearse matrix`. */
export interface MatrixOptions extends MatrixFilter {
  readonly as: (typeof matrixForms)[number];
  readonly workers?: number;
  readonly seed?: string;
  readonly reportDir: string;
  /** Real seconds. */
  readonly timeLimit: number;
}
