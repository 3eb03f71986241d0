import type { Attacker, Target } from './attacker.ts';
import { credentialFrom } from './credential-from.ts';
import type { Loot } from './loot.ts';

/** Where somebody got in at one moment. */
export interface Entry {
  /** DPS took him for the device, whatever the hub said then. */
  readonly dps: boolean;
  /** A hub took his telemetry: by what he had for it, or by what DPS had just given him. */
  readonly hub: boolean;
}

/** One attempt at both doors: first at the hub where the device lives, with what is at hand, then by registering anew. */
export async function tryDpsAndHub(attacker: Attacker, target: Target, loot: Loot): Promise<Entry> {
  const { name, registrationId, transport, home } = target;
  const credential = await credentialFrom(loot, registrationId, attacker);
  // A TPM has its own wires; everything else goes over any.
  const wire = credential.kind === 'chip' && transport.startsWith('mqtt') ? 'https' : transport;
  const claim = { name: `attacker as ${name}`, registrationId, credential, transport: wire };
  const visit = home === undefined ? undefined : await attacker.wires.connect(claim, home);
  const registered = await attacker.wires.register(claim);
  return {
    dps: registered.assignedHub !== undefined,
    hub: visit?.outcome === 'assigned' || registered.outcome === 'assigned',
  };
}
