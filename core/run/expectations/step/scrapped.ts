import { countUnits, defineCount } from '../count-word.ts';

export const scrapped = defineCount({
  name: 'scrapped',
  description: 'The number of units that the line scrapped.',
  count: countUnits('scrapped'),
  phrase: ['scrapped', 'scrapped'],
});
