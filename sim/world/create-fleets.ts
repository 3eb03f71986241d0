import type { Authority } from '../pki/authority.ts';
import { makeCertificate } from '../pki/make-certificate.ts';
import type { IssueCertificate } from '../fleet/fleet.ts';
import type { Random } from '../../core/random.ts';
import { countedDraw } from '../../core/counted-draw.ts';
import { Fleet } from '../fleet/fleet.ts';
import { SoftwareKeys } from '../key-stores/software-keys.ts';
import type { ScenarioHead } from '../scenario/schema.ts';
import { isNumbers } from '../scenario/words/fleet-words.ts';
import { addressOf } from './address-of.ts';
import { createDevice, type DeviceSurroundings } from './create-devices.ts';
import type { Factory } from './factory.ts';
import { hubHost } from './hub-host.ts';

/**
 * Creates the fleets with `tier: numbers` of a scenario, by name.
 *
 * @param random gives each fleet its seed.
 * @param otherDevices number of devices that have network addresses already.
 */
export function createFleets(
  { devices, cloud }: Pick<ScenarioHead, 'devices' | 'cloud'>,
  random: Random,
  {
    authorities,
    factory,
    ...surroundings
  }: DeviceSurroundings & {
    readonly authorities: ReadonlyMap<string, Authority>;
    readonly factory: Pick<Factory, 'inDevices'>;
  },
  otherDevices: number,
): ReadonlyMap<string, Fleet> {
  const fleets = new Map<string, Fleet>();
  const hubs = cloud.hubs.map((hub) => hubHost(typeof hub === 'string' ? hub : hub.name));
  let addresses = otherDevices;
  for (const [name, spec] of Object.entries(devices)) {
    if (spec.fleet === undefined || !isNumbers(spec.fleet) || spec.count === undefined) continue;
    const seed = random.fork(name).bytes(4).readUInt32BE();
    const makeDevice = (fleet: Fleet, index: number) => {
      const { retry, tries } = fleet.cohorts.find(({ end }) => index < end) ?? spec;
      const plan = { spec, keyStore: 'file' as const, keys: new SoftwareKeys(), tpm: undefined };
      // The device continues the random numbers of the simulation, and then counts its own draws.
      let drawn = fleet.state.draws[index] ?? 0;
      const draws = { number: () => countedDraw(seed, index, drawn++) };
      const choices = { draws, retry, tries };
      const device = createDevice(fleet.nameOf(index), plan, surroundings, addressOf(addresses++), choices);
      factory.inDevices.follow(device);
      return device;
    };
    const transport = spec.transport ?? 'mqtt';
    fleets.set(
      name,
      new Fleet({
        ...spec,
        name,
        size: spec.count,
        transport,
        words: spec.fleet,
        seed,
        hubs,
        makeDevice,
        renewAt: renewerAt(authorities.get(spec.renewal?.from ?? 'dps'), random),
      }),
    );
  }
  return fleets;
}

/** Returns the function with which a CA of the manufacturer makes the next certificate of a device, as in `renewalPlaces`. */
function renewerAt(issuer: Authority | undefined, random: Random): IssueCertificate | undefined {
  if (issuer === undefined) return undefined;
  return (device, validity) =>
    makeCertificate(device, {
      ...validity,
      commonName: device.registrationId ?? device.name,
      issuer,
      key: 'P-256',
      chain: 'full',
      serialNumber: random.fork(`renewal of ${device.name} at ${validity.notBefore}`).bytes(16),
    });
}
