import type { Device } from '../../devices/device.ts';
import { keyStores } from '../../key-stores/index.ts';
import { StepProblem } from '../../world/step-problem.ts';

/**
 * Checks that the key store of a device accepts a key that another party made. A store that signs inside accepts no such key.
 * @throws StepProblem if the key store signs inside.
 */
export function requireFileKeyStore({ name, keyStore }: Device): void {
  if (!keyStores[keyStore].signsInside) return;
  throw new StepProblem(
    `${name} keeps its keys in its ${keyStore}, but a key that was made elsewhere needs \`keyStore: file\`; use issue-certificate or request-certificate, which make the key inside`,
  );
}
