import type { ClientCapability } from '../../core/conformance/conformance-result.ts';

/** The client that is tested. */
export interface ClientSpec {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Working directory. */
  readonly folder: string;
  /** Variables in addition to those of the world. */
  readonly environment: Readonly<Record<string, string>>;
  /** Commands of single worlds, by the ID of the world. */
  readonly commandOf: Readonly<Record<string, readonly string[]>>;
  readonly without: readonly ClientCapability[];
}
