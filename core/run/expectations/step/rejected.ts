import { countUnits, defineCount } from '../count-word.ts';

export const rejected = defineCount({
  name: 'rejected',
  description: 'The number of units that the quality check rejected.',
  count: countUnits('rejected'),
  phrase: ['rejected', 'rejected'],
});
