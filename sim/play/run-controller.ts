import type { Millis } from '../../core/time/clock.ts';
import type { HistoryEvent } from '../../core/history/events.ts';
import type { AttackerConsole } from './attacker-console.ts';
import type { Step } from '../scenario/scenario.ts';

/**
 * Somebody who watches a play while it goes on and may hold it up: while a promise of his is open, nothing moves and every
 * connection stays as it is. He changes nothing but by a seat that he may take, and what is done there is on record.
 */
export interface RunController {
  /** Told of each event as it is recorded. */
  happened(event: HistoryEvent): void;
  /** Told which step comes next, before the wait for it. */
  comes(next: Step): void;
  /**
   * The timeline stands before a step, or behind the last one. The seat is good until the promise is settled.
   *
   * @throws PlayStopped to end the play there.
   */
  between(next: Step | undefined, seat: AttackerConsole): Promise<void>;
  /** The clock is about to jump. @throws PlayStopped to end the play there. */
  beforeJump(from: Millis, to: Millis): Promise<void>;
}

/** Whoever watched ended the play: what happened until then is kept, and nothing is shown by it. */
export class PlayStopped extends Error {}
