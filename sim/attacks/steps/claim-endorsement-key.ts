import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import type { AttemptEnd } from '../../../core/history/events.ts';
import { deviceApiVersion, globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { formatSas, signSas } from '../../../core/wire/sas.ts';
import { textIn } from '../../../core/wire/value-in.ts';
import { reference } from '../../scenario/words/words.ts';
import type { WireAnswer } from '../../transports/dps-connection.ts';
import type { Attacker } from '../attacker.ts';
import { refusal } from '../dps-answer.ts';
import { hostileStep } from '../hostile-step.ts';
import type { Loot } from '../loot.ts';

/**
 * The attacker has only public keys. DPS sends a challenge, but only the TPM can decrypt it, so the attacker signs the token with a guessed
 * key.
 */
export const claimEndorsementKeyStep = hostileStep({
  name: 'claim-endorsement-key',
  summary: 'An attacker registers with the public keys of a foreign TPM and guesses the key of the challenge.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet that the attacker impersonates.'),
    with: reference('loot', 'Public keys from steal-key with `publicKeys: true`.'),
  }),
  run: async (attacker, words) => {
    const loot = attacker.held(words.with);
    if (loot.kind !== 'public-keys') {
      return attacker.refuse(
        `loot "${words.with}" has the kind ${loot.kind}, but public keys of a TPM are expected; take them with steal-key and \`publicKeys: true\``,
      );
    }
    for (const { name, registrationId } of await attacker.targets(words.device)) {
      const claim = { name: `attacker as ${name}`, registrationId, transport: 'https' } as const;
      await attacker.wires.attempt(claim, 'tpm', () => guess(attacker, registrationId, loot));
    }
  },
});

async function guess(
  { wires, clock, random }: Attacker,
  registrationId: string,
  keys: Loot & { readonly kind: 'public-keys' },
): Promise<AttemptEnd> {
  const resource = `${wires.idScope}/registrations/${registrationId}`;
  const ask = (token?: string): Promise<WireAnswer> =>
    wires.request({
      host: globalEndpoint,
      method: 'PUT',
      path: `/${wires.idScope}/registrations/${encodeURIComponent(registrationId)}/register?api-version=${deviceApiVersion}`,
      body: {
        registrationId,
        tpm: {
          endorsementKey: keys.endorsementKey.toString('base64'),
          storageRootKey: keys.storageRootKey.toString('base64'),
        },
      },
      ...defined({ token }),
    });
  const challenged = await ask();
  if (textIn(challenged.body, 'authenticationKey') === undefined) return refusal(challenged);
  const sr = encodeURIComponent(resource);
  const se = Math.floor(clock.now() / 1000) + 3600;
  const sig = signSas(random.fork(`guess for ${registrationId}`).bytes(32), sr, se);
  const answer = await ask(formatSas({ sr, sig, se, skn: 'registration' }));
  // DPS also encrypts the hub key for the TPM. The attacker cannot decrypt this key, so they do not connect to a hub.
  if (answer.status !== 202) return refusal(answer);
  return {
    outcome: 'failed',
    sentence: 'DPS accepted a token that was signed with a guessed key',
    telemetry: 'none',
    attempts: 1,
  };
}
