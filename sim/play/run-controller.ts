import type { Millis } from '../../core/time/clock.ts';
import type { HistoryEvent } from '../../core/history/events.ts';
import type { AttackerConsole } from './attacker-console.ts';
import type { Step } from '../scenario/scenario.ts';

/**
 * Watches a play and may pause it: while one of its promises is pending, the simulation is paused with all connections open. It
 * changes the simulation only through the attacker console, and every action there is recorded in the history.
 */
export interface RunController {
  /** Receives each event when it is recorded. */
  onEvent(event: HistoryEvent): void;
  /** Receives the next step before the wait for its time. */
  beforeWait(next: Step): void;
  /**
   * Runs before each step, and after the last one with `undefined`. The console may be used until the promise settles.
   *
   * @throws PlayStopped to end the play here.
   */
  beforeStep(next: Step | undefined, console: AttackerConsole): Promise<void>;
  /** Runs before the clock jumps. @throws PlayStopped to end the play here. */
  beforeTimeJump(from: Millis, to: Millis): Promise<void>;
}
