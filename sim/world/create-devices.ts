import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { SkewedClock, type VirtualClock } from '../../core/time/clock.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import type { Random } from '../../core/random.ts';
import type { Chips } from '../devices/chips.ts';
import { Device } from '../devices/device.ts';
import type { DeviceTraits } from '../devices/device-traits.ts';
import { RenewalState } from '../devices/renewal/renewal-state.ts';
import { SoftwareKeys } from '../key-stores/software-keys.ts';
import type { WorldKeyStores } from '../key-stores/world-key-stores.ts';
import type { DeviceSpec, ScenarioHead } from '../scenario/schema.ts';
import { addressOf } from './address-of.ts';
import type { Factory } from './factory.ts';
import { membersOf } from './members-of.ts';
import { StepProblem } from './step-problem.ts';
import { trustedRoots } from './trusted-roots.ts';

/** Settings, key store and TPM of a device. They exist before the cloud and before the device itself. */
export type DevicePlan = Pick<Device, 'keyStore' | 'keys' | 'tpm'> & { readonly spec: DeviceSpec };

/**
 * Opens an empty key store for each device. Returns the plans by device name.
 * @throws PartMissing if a key store needs a program or library that is not installed.
 */
export function planDevices(
  devices: Readonly<Record<string, DeviceSpec>>,
  keyStores: WorldKeyStores,
  chips: Chips,
): ReadonlyMap<string, DevicePlan> {
  const plans = new Map<string, DevicePlan>();
  for (const [entry, spec] of Object.entries(devices)) {
    const keyStore = spec.keyStore ?? (spec.attestation === 'tpm' ? 'tpm' : 'file');
    for (const name of membersOf(entry, spec)) {
      const tpm = keyStore === 'tpm' ? chips.make(name, spec.ekTemplate, spec.tpmKind ?? 'discrete') : undefined;
      // A TPM attests with keys that it has from the start. Only a certificate signing request needs another key.
      const hasAllKeys = spec.attestation === 'tpm' && spec.credential === 'own';
      const keys = hasAllKeys ? new SoftwareKeys() : keyStores.open(keyStore, name, tpm);
      plans.set(name, { spec, keyStore, tpm, keys });
    }
  }
  return plans;
}

/** The parts of the simulated world that a device uses. */
export interface DeviceSurroundings {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly cloud: Pick<Cloud, 'idScope' | 'usedServerRoots' | 'serverRoots'>;
}

/** Creates the planned devices. Returns them by name. */
export function createDevices(
  plans: ReadonlyMap<string, DevicePlan>,
  surroundings: DeviceSurroundings,
): ReadonlyMap<string, Device> {
  return new Map(
    [...plans].map(([name, plan], index) => [name, createDevice(name, plan, surroundings, addressOf(index))]),
  );
}

/** Creates a device. @param draws source of the random numbers of the device. Default: a separate stream. */
export function createDevice(
  name: string,
  { spec, keyStore, keys, tpm }: DevicePlan,
  { clock: truth, random, cloud }: DeviceSurroundings,
  address: string | undefined,
  { draws = random.fork(name), retry = spec.retry, tries = spec.tries }: Partial<DeviceChoices> = {},
): Device {
  const clock = new SkewedClock(truth);
  if (spec.clockDrift !== 0) clock.drift(spec.clockDrift);
  const namedByChip = spec.registrationId === 'from-endorsement-key';
  return new Device(
    {
      name,
      attestation: spec.attestation,
      transport: spec.transport ?? (spec.attestation === 'tpm' ? 'https' : 'mqtt'),
      boot: spec.boot,
      ntp: spec.ntp,
      checksServerValidity: spec.checksServerValidity,
      trustsAnyone: spec.trustsAnyone,
      tls: spec.tls,
      retry,
      isDirect: spec.fleet?.tier === 'core',
      tries,
      credential: spec.credential,
      apiVersion: spec.apiVersion,
      updatesFirst: spec.updatesFirst,
      csrName: spec.csrName,
      random: draws,
      clock,
      keyStore,
      keys,
      address,
      tokenLifetime: spec.tokenLifetime,
      namedByChip,
      renewal: spec.renewal && new RenewalState(spec.renewal),
    },
    {
      tpm,
      registrationId: namedByChip ? undefined : registrationIdOf(name, spec),
      trustStore: spec.trustBundle === undefined ? cloud.usedServerRoots : trustedRoots(cloud, spec.trustBundle),
      // Each device starts with the right configuration. A step can write another configuration.
      flash: { config: { idScope: cloud.idScope, endpoint: globalEndpoint } },
    },
  );
}

/** Traits that the caller chooses for a device of a fleet with `tier: numbers`. */
interface DeviceChoices extends Pick<DeviceTraits, 'retry' | 'tries'> {
  readonly draws: DeviceTraits['random'];
}

/** Returns the registration ID of a device. In a fleet with a configured registration ID, the ID gets the number of the member. */
function registrationIdOf(name: string, spec: DeviceSpec): string {
  if (spec.registrationId === undefined) return name;
  return spec.count === undefined ? spec.registrationId : `${spec.registrationId}${/-\d+$/.exec(name)?.[0] ?? ''}`;
}

/**
 * Returns the devices that a name means: the device itself, or the members of a fleet that left the production line as ordered.
 * @throws StepProblem if no such device exists.
 */
export function selectDevices(
  name: string,
  scenario: Pick<ScenarioHead, 'devices'>,
  devices: ReadonlyMap<string, Device>,
  { stopped, offTheBooks }: Pick<Factory, 'stopped' | 'offTheBooks'>,
): readonly Device[] {
  const spec = scenario.devices[name];
  const names = spec === undefined ? [name] : membersOf(name, spec);
  // A fleet name excludes scrapped, rejected and surplus units. Only the name of such a unit selects it.
  const isMeant = (member: string): boolean => member === name || (!stopped.has(member) && !offTheBooks.has(member));
  const chosen = names.filter(isMeant).flatMap((member) => devices.get(member) ?? []);
  if (chosen.length > 0) return chosen;
  throw new StepProblem(
    spec === undefined
      ? `no device is called "${name}"; add it under \`devices:\` or name another`
      : `no unit of "${name}" is in the field: the line scrapped or rejected each unit, or built it beyond the order; name a single unit`,
  );
}
