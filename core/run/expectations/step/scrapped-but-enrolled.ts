import { defineCount, noneIsSuccess } from '../count-word.ts';

export const scrappedButEnrolled = defineCount({
  name: 'scrappedButEnrolled',
  description: 'The number of devices that the service knows although their board was scrapped or rejected.',
  count: (events) => events.findLast((event) => event.kind === 'reconciled')?.scrapped.length,
  phrase: ['enrolled though scrapped', 'enrolled though scrapped'],
  expectsSuccess: noneIsSuccess,
});
