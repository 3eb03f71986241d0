import type { Transport } from '../../../core/history/events.ts';

/** The levels of the log, from few lines to many. Each level includes the lines of the levels before it. */
export const logLevels = ['quiet', 'normal', 'debug'] as const;

export type LogLevel = (typeof logLevels)[number];

/** The formats of the log: sentences, or one JSON object for each line. */
export const logFormats = ['text', 'json'] as const;

export type LogFormat = (typeof logFormats)[number];

/** One line of the log of a lab. It contains no secret. */
export interface LogEntry {
  /** Time of the lab, in ISO 8601. */
  readonly at: string;
  readonly level: Exclude<LogLevel, 'quiet'>;
  /**
   * `decision`: a service judged a client. `assigned`: DPS named the hub of a device. `answer`: a service answered with an error, or
   * ended a connection, without a check. `fault`: an ordered fault was applied. `clock`: the clock was advanced. `message`: any other
   * message.
   */
  readonly kind: 'decision' | 'assigned' | 'answer' | 'fault' | 'clock' | 'message';
  /** `dps`, or the host name of a hub. */
  readonly service?: string;
  /** Registration ID, or the device ID at a hub. */
  readonly subject?: string;
  readonly transport?: Transport;
  readonly outcome?: 'accepted' | 'refused';
  /** ID of the failed check of a refusal. */
  readonly check?: string;
  /** The values that the check compared. */
  readonly reason?: string;
  readonly sentence: string;
}
