import type { ClientCapability } from '../../core/conformance/conformance-result.ts';

/** A client whose results are shipped in test/conformance/scores. */
export interface ScoredClient {
  readonly id: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly without: readonly ClientCapability[];
  /** Groups of statements. Default: all. */
  readonly only?: readonly string[];
}

export const conformanceClients: readonly ScoredClient[];
