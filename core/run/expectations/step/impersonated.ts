import { defineCount } from '../count-word.ts';

export const impersonated = defineCount({
  name: 'impersonated',
  description: 'The number of identities with which the service accepted the attacker.',
  count: (events) => events.findLast((event) => event.kind === 'blast-radius')?.impersonated.length,
  phrase: ['identity taken over', 'identities taken over'],
  zero: 'no',
  expectsSuccess: (expected) => expected > 0,
});
