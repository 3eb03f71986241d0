import { StepProblem } from '../world/step-problem.ts';

/** A destroyed key store cannot be used. In a step this is a mistake of the timeline, in an attempt a failure of the device. */
export class KeyStoreDestroyed extends StepProblem {
  constructor() {
    super('the key store of the device was destroyed');
  }
}
