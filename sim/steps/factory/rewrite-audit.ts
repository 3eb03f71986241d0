import { z } from 'zod';
import { withEntry } from '../../../core/audit/rewrite.ts';
import { identityOf } from '../../devices/identity.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { trailHandedOut } from '../../world/trail-handed-out.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/** Somebody at the line who keeps the files of the secure room, and not its key. */
export const rewriteAuditStep = defineStep({
  name: 'rewrite-audit',
  summary: 'Somebody without the key of the secure room writes devices into its audit trail afterwards.',
  args: z.strictObject({
    station: reference('station', 'Station that wrote the trail.'),
    device: reference('device', 'Device or fleet that is written into it.'),
  }),
  uses: ['devices', 'factory'],
  run: async (world, { station, device: name }) => {
    for (const device of world.devices.select(name)) {
      const lines = trailHandedOut(world, station);
      const identity = await identityOf(device);
      if (lines === undefined)
        throw new StepProblem(`${station} has written no audit trail; put produce with audit before`);
      if (identity === undefined) throw new StepProblem(`${device.name} has no identity to write into a trail`);
      const registrationId = await knownRegistrationId(device);
      world.factory.rewrittenTrails.set(station, withEntry(lines, { device: device.name, registrationId, identity }));
      world.tell('contract-manufacturer', device.name, `the audit trail of ${station} gets an entry for it afterwards`);
    }
  },
});
