import type { ListenerPortOptions } from './listener-ports.ts';

/** The options of `rehearse serve`. */
export interface ServeOptions extends ListenerPortOptions {
  readonly host: string;
  /** Names and addresses for the server certificate. */
  readonly name: readonly string[];
  readonly state?: string;
  readonly tpm: readonly string[];
  readonly controlPort: number;
  readonly json?: true;
}
