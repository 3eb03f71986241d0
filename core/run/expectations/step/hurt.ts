import { defineCount, noneIsSuccess } from '../count-word.ts';

export const hurt = defineCount({
  name: 'hurt',
  description: 'The number of honest devices that cannot get into service at the end of a drill.',
  count: (events) => events.findLast((event) => event.kind === 'drill')?.hurt.length,
  phrase: ['honest device affected', 'honest devices affected'],
  zero: 'no',
  expectsSuccess: noneIsSuccess,
});
