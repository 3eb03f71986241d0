import type { Attacker, Target } from './attacker.ts';
import { credentialFrom } from './credential-from.ts';
import type { Loot } from './loot.ts';

/** Result of one try: the services that accepted the attacker. */
export interface Entry {
  /** True if DPS assigned the attacker to a hub, even if the hub then rejected the attacker. */
  readonly dps: boolean;
  /** True if a hub accepted telemetry. The credential was the loot, or a certificate or key that DPS issued in the same try. */
  readonly hub: boolean;
}

/** Connects to the hub of the device with a credential from the loot. Then registers at DPS with the same credential. */
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
