import { StepProblem } from '../world/step-problem.ts';

/** Reports the use of a destroyed key store. In a step, this is a mistake of the timeline; in an attempt, it is a failure of the device. */
export class KeyStoreDestroyed extends StepProblem {
  constructor() {
    super('the key store of the device was destroyed');
  }
}
