import type { ListenerPortOptions } from './listener-ports.ts';
import type { TlsProfileName } from '../../core/wire/tls/tls-profiles.ts';
import type { LogFormat, LogLevel } from './watch/log-entry.ts';

/** The options of `rehearse serve`. */
export interface ServeOptions extends ListenerPortOptions {
  readonly host: string;
  /** Names and addresses for the server certificate. */
  readonly name: readonly string[];
  /** Name of the TLS settings that Azure has in a period. Replaces `cloud: tls:` of the lab file. */
  readonly tls?: TlsProfileName;
  readonly state?: string;
  readonly tpm: readonly string[];
  readonly controlPort: number;
  readonly json?: true;
  /** Default: `normal`, or `quiet` with `json`, because a program then reads one line. */
  readonly log?: LogLevel;
  /** Default: `text`, or `json` with `json`. */
  readonly logFormat?: LogFormat;
}
