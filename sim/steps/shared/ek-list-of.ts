import { readEkList, type EkList } from '../../world/ek-list.ts';
import { StepProblem, type World } from '../../world/world.ts';

/** The list that came with the TPMs. @throws StepProblem where none did. */
export function ekListOf(world: World): EkList {
  const paper = world.papers.get('ek-list');
  if (paper === undefined)
    throw new StepProblem('no list of endorsement keys was delivered; put deliver-ek-list before');
  return readEkList(paper);
}
