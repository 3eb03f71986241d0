import type { LiveEntry } from '../../../reports/html/live-api.ts';

/** The levels of the log, from few lines to many. Each level includes the lines of the levels before it. */
export const logLevels = ['quiet', 'normal', 'debug'] as const;

export type LogLevel = (typeof logLevels)[number];

/** The formats of the log: sentences, or one JSON object for each line. */
export const logFormats = ['text', 'json'] as const;

export type LogFormat = (typeof logFormats)[number];

/** One line of the log of a lab, with its level. It contains no secret. */
export interface LogEntry extends LiveEntry {
  readonly level: Exclude<LogLevel, 'quiet'>;
  /**
   * `decision`: a service accepted or refused a client. `assigned`: DPS named the hub of a device. `answer`: a service answered with an
   * error, or ended a connection, without a check. `fault`: an ordered fault was applied. `clock`: the clock was advanced. `message`: any
   * other message.
   */
  readonly kind: 'decision' | 'assigned' | 'answer' | 'fault' | 'clock' | 'message';
}
