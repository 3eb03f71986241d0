import { z } from 'zod';
import { lookForSignals } from '../../../core/findings/signals/look-for-signals.ts';
import { auditedIn } from '../../world/audited-in.ts';
import { defineStep } from '../define-step.ts';

/** The people who run the service go through its books; that there is an attack nobody tells them. */
export const lookForSignalsStep = defineStep({
  name: 'look-for-signals',
  summary: 'The cloud operator goes through the logs of DPS and hubs and the audit trails, and says what is odd.',
  judges: true,
  args: z.strictObject({}),
  uses: ['factory', 'history'],
  run: async (world) => {
    const findings = lookForSignals(world.history.events(), auditedIn(world));
    world.history.record({ kind: 'signals', findings });
    const told = findings.map(({ sentence }) => sentence).join('; ') || 'nothing odd is found';
    world.tell('cloud-operator', 'the logs', told);
  },
});
