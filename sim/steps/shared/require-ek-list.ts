import type { Factory } from '../../world/factory.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { readEkList, type EkList } from './ek-list.ts';

/**
 * Returns the list of endorsement keys that the TPM maker delivered.
 * @throws StepProblem if there was no delivery.
 */
export function requireEkList({ documents }: Pick<Factory, 'documents'>): EkList {
  const written = documents.get('ek-list');
  if (written === undefined) {
    throw new StepProblem('no list of endorsement keys was delivered; put deliver-ek-list before this step');
  }
  return readEkList(written);
}
