import type { Attacker, Target } from './attacker.ts';
import { credentialFrom } from './credential-from.ts';
import type { Loot } from './loot.ts';

/** The access that an attacker had at one moment. */
export interface Entry {
  /** True if DPS assigned the attacker, whatever the hub answered. */
  readonly dps: boolean;
  /** True if a hub accepted telemetry, with the loot or with a credential that DPS had just issued. */
  readonly hub: boolean;
}

/** Makes one attempt at the hub of the device with the loot, then one to register. */
export async function tryDpsAndHub(attacker: Attacker, target: Target, loot: Loot): Promise<Entry> {
  const { name, registrationId, transport, home } = target;
  const credential = await credentialFrom(loot, registrationId, attacker);
  // A TPM cannot attest over MQTT. Other credentials work over any protocol.
  const wire = credential.kind === 'chip' && transport.startsWith('mqtt') ? 'https' : transport;
  const claim = { name: `attacker as ${name}`, registrationId, credential, transport: wire };
  const visit = home === undefined ? undefined : await attacker.wires.connect(claim, home);
  const registered = await attacker.wires.register(claim);
  return {
    dps: registered.assignedHub !== undefined,
    hub: visit?.outcome === 'assigned' || registered.outcome === 'assigned',
  };
}
