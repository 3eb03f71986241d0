import { defineCount, noneIsSuccess } from '../count-word.ts';

export const unaudited = defineCount({
  name: 'unaudited',
  description: 'The number of devices that the service knows but that are not in the audit trail.',
  count: (events) => events.findLast((event) => event.kind === 'reconciled')?.unaudited.length,
  phrase: ['enrolled without an entry in the audit trail', 'enrolled without an entry in the audit trail'],
  expectsSuccess: noneIsSuccess,
});
