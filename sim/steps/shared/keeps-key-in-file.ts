import type { Device } from '../../devices/device.ts';
import { keyStores } from '../../key-stores/index.ts';
import { StepProblem } from '../../world/world.ts';

/** @throws StepProblem where a device has a store that signs inside, and a key that was made elsewhere would lie beside it. */
export function keepsKeyInFile({ name, keyStore }: Device): void {
  if (!keyStores[keyStore].signsInside) return;
  throw new StepProblem(
    `this key would lie in a file of ${name}, whose keys are in the ${keyStore}; put issue-certificate or request-certificate`,
  );
}
