import { z } from 'zod';
import { registrationIdOfEndorsementKey } from '../../../core/tpm/registration-id.ts';
import { defineStep } from '../define-step.ts';
import { enrollmentTerms } from '../../world/enrollment-terms.ts';
import { allocationTerms } from '../../scenario/words/allocation-words.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireEkList } from '../shared/require-ek-list.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/** The list goes into the service as it is. What a line does not yield, or the service does not take, is noted. */
export const enrollFromListStep = defineStep({
  name: 'enroll-from-list',
  judges: true,
  summary: "Devices are enrolled with the endorsement keys that stand in the TPM maker's list.",
  args: z.strictObject({
    device: reference('device', 'Device or fleet with TPMs of the delivery.'),
    ...allocationTerms,
  }),
  uses: ['cloud', 'devices', 'factory', 'history', 'network'],
  needs: () => ({ service: true }),
  run: async (world, words) => {
    const { keys, mistakes } = requireEkList(world.factory);
    world.network.decide(world.history.trace('station', words.device, 'list of endorsement keys'), (trace) =>
      trace.check('ek-list-sound', mistakes.length === 0, 'a chip and a key in each line', mistakes.join('; ') || 'so'),
    );
    for (const device of world.devices.select(words.device)) {
      const endorsementKey = keys.get(device.name);
      if (endorsementKey === undefined) {
        world.tell('cloud-operator', device.name, 'the list has no key for its TPM; it is not enrolled');
        continue;
      }
      const registrationId = device.namedByChip
        ? registrationIdOfEndorsementKey(endorsementKey)
        : await knownRegistrationId(device);
      const result = world.cloud.operator.putEnrollment({
        registrationId,
        attestation: { type: 'tpm', endorsementKey },
        provisioningStatus: 'enabled',
        ...enrollmentTerms(world.cloud.webhook, words),
      });
      const outcome = result.ok
        ? 'is enrolled from the list'
        : `is rejected by the service: ${result.failure.sentence}`;
      world.tell('cloud-operator', device.name, `${registrationId} ${outcome}`);
    }
  },
});
