import { defineCount, noneIsSuccess } from '../count-word.ts';

export const overproduced = defineCount({
  name: 'overproduced',
  description: 'The number of devices that are in the audit trail but in no production record of a line.',
  count: (events) => events.findLast((event) => event.kind === 'reconciled')?.overproduced.length,
  phrase: ['built beyond the order', 'built beyond the order'],
  expectsSuccess: noneIsSuccess,
});
