import { z } from 'zod';
import { reference } from '../../scenario/words/words.ts';
import type { Attacker, Target } from '../attacker.ts';
import { credentialFrom } from '../credential-from.ts';
import { hostileStep } from '../hostile-step.ts';
import type { Loot } from '../loot.ts';

/**
 * Tries loot on every identity there is, over the same wires as everybody, and counts for whom the attacker is taken. One
 * after the other: whoever has one chip is one device at a time.
 */
export const blastRadiusStep = hostileStep({
  name: 'blast-radius',
  summary:
    'An attacker tries what was taken in the name of every device, built or not, and of some that nobody ever planned.',
  expects: 'count',
  shorthand: 'with',
  args: z.strictObject({
    with: reference('loot', 'What the attacker holds.'),
    invented: z.int().min(0).max(10).default(1).meta({
      description: 'How many names are tried that stand on no label: nobody-built-this-1 and so on.',
    }),
    limit: z.int().min(1).max(100).default(25).meta({
      description: 'How many identities are tried at most; where there are more, a sample that the seed draws.',
    }),
  }),
  run: async (attacker, { with: name, invented, limit }) => {
    const loot = attacker.held(name);
    const all = [...(await attacker.everybody()), ...inventedNames(invented)];
    const chosen = sample(all, limit, attacker);
    const impersonated: string[] = [];
    for (const target of chosen) {
      if (await passesFor(attacker, target, loot)) impersonated.push(target.registrationId);
    }
    const tried = chosen.map(({ registrationId }) => registrationId);
    const among = tried.length === all.length ? '' : `, a sample of ${all.length}`;
    attacker.tell(name, `is tried on ${tried.length} identities${among}, and passes for ${impersonated.length}`);
    attacker.report({ loot: name, tried, candidates: all.length, impersonated });
  },
});

function inventedNames(count: number): readonly Target[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `nobody-built-this-${index + 1}`;
    return { name, registrationId: name, transport: 'mqtt', home: undefined };
  });
}

/** So many of them by the seed, in their order. */
function sample(all: readonly Target[], limit: number, { random }: Attacker): readonly Target[] {
  const draw = random.fork('blast radius');
  const drawn = all.map((target) => ({ target, lot: draw.number() })).toSorted((a, b) => a.lot - b.lot);
  const chosen = new Set(drawn.slice(0, limit).map(({ target }) => target));
  return all.filter((target) => chosen.has(target));
}

/** Registers first; who is not let in that way goes straight to the hub on which the device is known to live. */
async function passesFor(attacker: Attacker, target: Target, loot: Loot): Promise<boolean> {
  const { name, registrationId, transport, home } = target;
  const credential = await credentialFrom(loot, registrationId, attacker);
  // A TPM has its own wires; everything else goes over any.
  const wire = credential.kind === 'chip' && transport.startsWith('mqtt') ? 'https' : transport;
  const claim = { name: `attacker as ${name}`, registrationId, credential, transport: wire };
  const registered = await attacker.wires.register(claim);
  if (registered.outcome === 'assigned' || home === undefined) return registered.outcome === 'assigned';
  return (await attacker.wires.connect(claim, home)).outcome === 'assigned';
}
