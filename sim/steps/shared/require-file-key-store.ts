import type { Device } from '../../devices/device.ts';
import { keyStores } from '../../key-stores/index.ts';
import { StepProblem } from '../../world/step-problem.ts';

/**
 * Accepts only a device whose key store is a file: a key that was made elsewhere cannot be imported into one that signs inside.
 *
 * @throws StepProblem if the key store signs inside.
 */
export function requireFileKeyStore({ name, keyStore }: Device): void {
  if (!keyStores[keyStore].signsInside) return;
  throw new StepProblem(
    `${name} keeps its keys in its ${keyStore}, and a key that was made elsewhere needs keyStore: file; use issue-certificate or request-certificate, which make the key inside`,
  );
}
