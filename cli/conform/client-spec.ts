import type { ClientCapability } from '../../core/conformance/conformance-result.ts';

/** The client that is tested. */
export interface ClientSpec {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Working directory. */
  readonly folder: string;
  /** Environment variables of the client, in addition to the variables that the test world sets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Commands that replace `command` in some test worlds, by the ID of the test world. */
  readonly commandOf: Readonly<Record<string, readonly string[]>>;
  readonly without: readonly ClientCapability[];
}
