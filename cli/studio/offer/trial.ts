import { startCloud } from '../../../mocks/start-cloud.ts';
import { playScenario } from '../../../sim/play/play-scenario.ts';
import { PlayStopped } from '../../../sim/play/play-stopped.ts';
import type { RunController } from '../../../sim/play/run-controller.ts';
import type { Scenario } from '../../../sim/scenario/load.ts';
import type { Step } from '../../../sim/scenario/read-timeline.ts';
import type { StepProblem } from '../../../sim/world/step-problem.ts';
import { versions } from '../../versions.ts';

/** The step that a scenario cannot perform, and the reason. */
export interface Impossible {
  /** Index of the step, from 0; -1 if the problem is before the first step. */
  readonly step: number;
  readonly sentence: string;
  /** Steps that solve the problem if the user adds them before this step. */
  readonly stepsBefore: StepProblem['stepsBefore'];
}

/** A play without pauses, invisible to the user, that finds out whether a scenario can be played to its end. */
export class Trial implements RunController {
  /** Resolves with the problem; with undefined if the scenario is playable, or if the trial was stopped. */
  readonly ended: Promise<Impossible | undefined>;
  #impossible: Impossible | undefined;
  #isStopped = false;

  constructor(scenario: Scenario) {
    this.ended = this.#play(scenario);
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Ends the trial at its next step or jump of the clock. */
  stop(): void {
    this.#isStopped = true;
  }

  onEvent(): void {}

  beforeWait(): void {}

  async beforeStep(): Promise<void> {
    this.#throwIfStopped();
  }

  async beforeTimeJump(): Promise<void> {
    this.#throwIfStopped();
  }

  onImpossible({ index }: Step, { message, stepsBefore }: StepProblem): void {
    this.#impossible = { step: index, sentence: message, stepsBefore };
  }

  #throwIfStopped(): void {
    if (this.#isStopped) throw new PlayStopped('the trial was stopped');
  }

  async #play(scenario: Scenario): Promise<Impossible | undefined> {
    const run = await playScenario(scenario, {
      seed: scenario.seed ?? 'trial',
      startCloud,
      versions: versions(),
      missingParts: 'model',
      controller: this,
    });
    const { kind, reason } = run.verdict;
    // A problem before the first step, for example an enrollment group that DPS rejects, has no step.
    const isBroken = kind === 'fail' && run.stepVerdicts.length === 0;
    return this.#impossible ?? (isBroken ? { step: -1, sentence: reason, stepsBefore: [] } : undefined);
  }
}
