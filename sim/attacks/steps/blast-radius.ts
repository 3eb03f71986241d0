import { z } from 'zod';
import { reference } from '../../scenario/words/words.ts';
import type { Attacker, Target } from '../attacker.ts';
import { credentialFrom } from '../credential-from.ts';
import { hostileStep } from '../hostile-step.ts';
import type { Loot } from '../loot.ts';

/** The step tries the identities one after the other, because a TPM can attest as only one device at a time. */
export const blastRadiusStep = hostileStep({
  name: 'blast-radius',
  summary:
    'An attacker tries loot in the name of every device, built or not, and of some invented devices. The result counts the identities that the loot can impersonate.',
  expects: 'count',
  shorthand: 'with',
  args: z.strictObject({
    with: reference('loot', 'Loot that the attacker uses.'),
    invented: z.int().min(0).max(10).default(1).meta({
      description: 'Number of invented names that the attacker tries: `nobody-built-this-1` and so on.',
    }),
    limit: z.int().min(1).max(100).default(25).meta({
      description:
        'Largest number of identities that the attacker tries. If there are more, the attacker tries a random sample, which the seed fixes.',
    }),
  }),
  run: async (attacker, { with: name, invented, limit }) => {
    const loot = attacker.held(name);
    const all = [...(await attacker.everybody()), ...inventedNames(invented)];
    const chosen = sample(all, limit, attacker);
    const impersonated: string[] = [];
    for (const target of chosen) {
      if (await isAcceptedAs(attacker, target, loot)) impersonated.push(target.registrationId);
    }
    const tried = chosen.map(({ registrationId }) => registrationId);
    const among = tried.length === all.length ? '' : `, a sample of ${all.length}`;
    attacker.tell(
      name,
      `is tried on ${tried.length} ${tried.length === 1 ? 'identity' : 'identities'}${among}, and is accepted for ${impersonated.length}`,
    );
    attacker.report({ loot: name, tried, candidates: all.length, impersonated });
  },
});

function inventedNames(count: number): readonly Target[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `nobody-built-this-${index + 1}`;
    return { name, registrationId: name, transport: 'mqtt', home: undefined };
  });
}

/** Selects at most `limit` targets with the seeded random source, and keeps their order. */
function sample(all: readonly Target[], limit: number, { random }: Attacker): readonly Target[] {
  const draw = random.fork('blast radius');
  const drawn = all.map((target) => ({ target, lot: draw.number() })).toSorted((a, b) => a.lot - b.lot);
  const chosen = new Set(drawn.slice(0, limit).map(({ target }) => target));
  return all.filter((target) => chosen.has(target));
}

/** Registers in the name of a device, and connects directly to its hub if that fails. Returns true if either succeeds. */
async function isAcceptedAs(attacker: Attacker, target: Target, loot: Loot): Promise<boolean> {
  const { name, registrationId, transport, home } = target;
  const credential = await credentialFrom(loot, registrationId, attacker);
  // A TPM cannot attest over MQTT. Other credentials work over any protocol.
  const wire = credential.kind === 'chip' && transport.startsWith('mqtt') ? 'https' : transport;
  const claim = { name: `attacker as ${name}`, registrationId, credential, transport: wire };
  const registered = await attacker.wires.register(claim);
  if (registered.outcome === 'assigned' || home === undefined) return registered.outcome === 'assigned';
  return (await attacker.wires.connect(claim, home)).outcome === 'assigned';
}
