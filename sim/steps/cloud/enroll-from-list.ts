import { z } from 'zod';
import { registrationIdOfEndorsementKey } from '../../../core/tpm/registration-id.ts';
import { defineStep } from '../define-step.ts';
import { enrollmentTerms } from '../../world/enrollment-terms.ts';
import { allocationTerms } from '../../scenario/words/allocation-words.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireEkList } from '../shared/require-ek-list.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/**
 * Enrolls the TPMs in a list of endorsement keys. The history records each line without a valid key, and each enrollment that DPS rejects.
 */
export const enrollFromListStep = defineStep({
  name: 'enroll-from-list',
  judges: true,
  summary: "The cloud operator enrolls devices with the endorsement keys in the TPM maker's list.",
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose TPMs are in the delivery.'),
    ...allocationTerms,
  }),
  uses: ['cloud', 'devices', 'factory', 'history', 'network'],
  needs: () => ({ service: true }),
  run: async (world, words) => {
    const { keys, mistakes } = requireEkList(world.factory);
    world.network.decide(world.history.trace('station', words.device, 'list of endorsement keys'), (trace) =>
      trace.check(
        'ek-list-sound',
        mistakes.length === 0,
        'a TPM and a key in each line',
        mistakes.join('; ') || 'a TPM and a key in each line',
      ),
    );
    for (const device of world.devices.select(words.device)) {
      const endorsementKey = keys.get(device.name);
      if (endorsementKey === undefined) {
        world.tell('cloud-operator', device.name, 'it is not enrolled: the list has no key for its TPM');
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
      const outcome = result.ok ? 'is enrolled from the list' : `is rejected by DPS: ${result.failure.sentence}`;
      world.tell('cloud-operator', device.name, `${registrationId} ${outcome}`);
    }
  },
});
