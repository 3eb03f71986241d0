import { z } from 'zod';
import { withEntry } from '../../../core/audit/rewrite.ts';
import { identityOf } from '../../devices/identity.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { trailHandedOut } from '../../world/trail-handed-out.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/** Forges entries of an audit trail. The contract manufacturer has the files of the trail, but not the key that signs them. */
export const rewriteAuditStep = defineStep({
  name: 'rewrite-audit',
  summary: 'The contract manufacturer adds devices to an audit trail afterwards, without the key that signs it.',
  args: z.strictObject({
    station: reference('station', 'Station that wrote the audit trail.'),
    device: reference('device', 'Device or fleet for which the attacker adds a record.'),
  }),
  uses: ['devices', 'factory'],
  run: async (world, { station, device: name }) => {
    for (const device of world.devices.select(name)) {
      const lines = trailHandedOut(world, station);
      const identity = await identityOf(device);
      if (lines === undefined) {
        throw new StepProblem(
          `station "${station}" has written no audit trail; put produce with \`audit: ${station}\` before this step`,
        );
      }
      if (identity === undefined) {
        throw new StepProblem(
          `${device.name} has no identity to add to an audit trail; give it a credential before this step`,
        );
      }
      const registrationId = await knownRegistrationId(device);
      world.factory.rewrittenTrails.set(station, withEntry(lines, { device: device.name, registrationId, identity }));
      world.tell(
        'contract-manufacturer',
        device.name,
        `an entry for this device is added to the audit trail of ${station} afterwards`,
      );
    }
  },
});
