import { z } from 'zod';
import { signals as knownSignals } from '../../../findings/signals/index.ts';
import { defineWord } from '../define-word.ts';

export const signals = defineWord({
  name: 'signals',
  schema: z.array(z.enum(knownSignals.map(({ id }) => id)).meta({ list: 'signals', noun: 'signal' })).meta({
    description: 'The IDs of all signals that a search of the service log finds; [] if there are none.',
  }),
  ofStep: ({ events }) => {
    const search = events.findLast((event) => event.kind === 'signals');
    return search && [...new Set(search.findings.map(({ signal }) => signal))];
  },
  holds: (expected, actual = []) =>
    new Set(expected).size === new Set(actual).size && expected.every((one) => actual.includes(one)),
  phrases: (actual = []) => (actual.length === 0 ? ['no signal'] : actual.map((id) => `signal \`${id}\``)),
  expectsSuccess: (expected) => expected.length === 0,
});
