import type { Millis } from '../../core/time/clock.ts';
import type { HistoryEvent } from '../../core/history/events.ts';
import type { AttackerConsole } from './attacker-console.ts';
import type { Step } from '../scenario/read-timeline.ts';
import type { StepProblem } from '../world/step-problem.ts';

/**
 * Watches a run of a scenario and may pause it: while one of its promises is pending, the simulation stops with all connections open. The
 * controller changes the simulation only through the attacker console, whose actions the history records.
 */
export interface RunController {
  /** Receives each event as soon as the history records it. */
  onEvent(event: HistoryEvent): void;
  /** Receives the next step before the simulation waits for its time. */
  beforeWait(next: Step): void;
  /**
   * The run calls this method before each step, and with `undefined` after the last step. The console is usable until the promise settles.
   * @throws PlayStopped to end the run here.
   */
  beforeStep(next: Step | undefined, console: AttackerConsole): Promise<void>;
  /**
   * The run calls this method before the clock jumps.
   * @throws PlayStopped to end the run here.
   */
  beforeTimeJump(from: Millis, to: Millis): Promise<void>;
  /** Receives the problem if the timeline demands something impossible. The run ends at this step. */
  onImpossible?(step: Step, problem: StepProblem): void;
}
