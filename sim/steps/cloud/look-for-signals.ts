import { z } from 'zod';
import { lookForSignals } from '../../../core/findings/signals/look-for-signals.ts';
import { auditedIn } from '../../world/trail-handed-out.ts';
import { defineStep } from '../define-step.ts';

/** Searches for signals of an attack. The operator sees only service logs and audit trails, not the attack steps. */
export const lookForSignalsStep = defineStep({
  name: 'look-for-signals',
  summary: 'The cloud operator searches the audit trails and the logs of DPS and hubs for signals of an attack.',
  judges: true,
  args: z.strictObject({}),
  uses: ['factory', 'history'],
  run: async (world) => {
    const findings = lookForSignals(world.history.events(), auditedIn(world));
    world.history.record({ kind: 'signals', findings });
    const sentence = findings.map(({ sentence }) => sentence).join('; ') || 'no signals found';
    world.tell('cloud-operator', 'the logs', sentence);
  },
});
