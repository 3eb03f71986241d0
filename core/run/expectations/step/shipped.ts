import { countUnits, defineCount } from '../count-word.ts';

export const shipped = defineCount({
  name: 'shipped',
  description: 'The number of units that the line shipped.',
  count: countUnits('shipped'),
  phrase: ['shipped', 'shipped'],
});
