import type { CheckId } from '../../core/checks.ts';

/** The failed check that ends a connection. */
export interface DecidedEnd {
  /** Subject matter of the decision. Default: the connection. */
  readonly about?: string;
  readonly check: CheckId;
  readonly expected: string;
  readonly found: string;
}
