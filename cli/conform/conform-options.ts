import type { ClientCapability } from '../../core/conformance/conformance-result.ts';

/** The options of `rehearse conform`. */
export interface ConformOptions {
  readonly name?: string;
  readonly without: readonly ClientCapability[];
  readonly only: readonly string[];
  readonly cases?: string;
  readonly env: readonly string[];
  readonly workers: number;
  readonly json?: true;
  readonly reporter: readonly FileReporter[];
  readonly badge?: string;
  readonly baseline?: string;
  readonly list?: true;
}

/** A reporter that writes a file. */
export interface FileReporter {
  readonly kind: (typeof fileReporters)[number];
  readonly path: string;
}

export const fileReporters = ['json', 'junit', 'html'] as const;
