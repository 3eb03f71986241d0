import { countUnits, defineCount, noneIsSuccess } from '../count-word.ts';

export const offTheBooks = defineCount({
  name: 'offTheBooks',
  description: 'The number of units that the line built beyond the order.',
  count: countUnits('off-the-books'),
  phrase: ['surplus unit', 'surplus units'],
  zero: 'no',
  expectsSuccess: noneIsSuccess,
});
