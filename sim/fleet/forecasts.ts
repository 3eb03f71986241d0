import type { CheckId } from '../../core/checks.ts';
import type { FleetCall, FleetRules, RegistrationForecast, VisitForecast } from '../../core/cloud/fleet-rules.ts';
import { succeeded, type Result } from '../../core/result.ts';
import type { Device } from '../devices/device.ts';
import { attestations } from '../devices/attestation/attestations.ts';
import { FleetUnclear } from './fleet-unclear.ts';
import type { Fleet } from './fleet.ts';

/** The decisions of the services for the devices of a fleet in one step, by the hub that a device has. */
export interface Forecasts {
  /** The check that a device fails before it sends anything. */
  readonly notReady: CheckId | undefined;
  /** By the hub of the device, as in `Fleet.assigned`. */
  readonly byHub: ReadonlyMap<number, ForecastOfHub>;
  /** Returns the hub that DPS chooses for a device, as in `Fleet.assigned`; 0 if the choice is the same for all. */
  readonly chosenHub: (index: number) => number;
}

/** The decisions for devices with one hub. */
interface ForecastOfHub {
  readonly visit: VisitForecast;
  /** By the hub that DPS chooses, as in `Forecasts.chosenHub`. */
  readonly registrations: readonly (RegistrationForecast | undefined)[];
}

/**
 * Asks the services for their decisions. Devices with the same hub have the same credentials and the same enrollment, so one real
 * device represents them.
 */
export async function foreseeAll(fleet: Fleet, rules: FleetRules, idScope: string): Promise<Forecasts> {
  const byHub = new Map<number, ForecastOfHub>();
  let notReady: CheckId | undefined;
  let hubOf: ((registrationId: string) => string | undefined) | undefined;
  for (const hub of hubsInUse(fleet)) {
    const device = await representative(fleet, hub, rules, idScope);
    if (attestations[device.attestation].missing(device) !== undefined) notReady = 'credential-present';
    const call = await callOf(fleet, device, idScope);
    const registrations: (RegistrationForecast | undefined)[] = [await rules.foresee(call)];
    const [first] = registrations;
    if (first !== undefined && 'hubOf' in first && first.hubOf !== undefined) {
      hubOf = first.hubOf;
      for (const host of fleet.hubs) registrations.push(await rules.foresee(call, host));
    }
    byHub.set(hub, { visit: await visitOf(device, hub, rules), registrations });
  }
  return { notReady, byHub, chosenHub: chooser(fleet, hubOf) };
}

function chooser(
  fleet: Fleet,
  hubOf: ((registrationId: string) => string | undefined) | undefined,
): Forecasts['chosenHub'] {
  if (hubOf === undefined) return () => 0;
  const numbers = new Map(fleet.hubs.map((host, index) => [host, index + 1]));
  const known = new Uint8Array(fleet.size).fill(unknown);
  return (index) => {
    if (known[index] === unknown) known[index] = numbers.get(hubOf(fleet.registrationIdOf(index)) ?? '') ?? 0;
    return known[index] ?? 0;
  };
}

/** More than the number of hubs. */
const unknown = 255;

function hubsInUse({ assigned }: Fleet): readonly number[] {
  const used = new Set<number>();
  for (const hub of assigned) used.add(hub);
  return [...used].toSorted((a, b) => a - b);
}

/** Returns a real device with this hub; the first one of the fleet becomes real if there is none. */
async function representative(fleet: Fleet, hub: number, rules: FleetRules, idScope: string): Promise<Device> {
  for (const index of fleet.seededSamples) {
    if (fleet.assigned[index] === hub) return fleet.sample(index);
  }
  return realDevice(fleet, fleet.assigned.indexOf(hub), rules, idScope);
}

/** Returns the real device of an index, with the registration that the fleet has for it. @throws FleetUnclear if DPS rejects that. */
export async function realDevice(fleet: Fleet, index: number, rules: FleetRules, idScope: string): Promise<Device> {
  const brought = await bringDevice(fleet, index, rules, idScope);
  if (brought.ok) return brought.value;
  throw new FleetUnclear(
    `${fleet.nameOf(index)} cannot become a sample: ${brought.failure.sentence}; raise samples, so that a sample has its state`,
  );
}

/**
 * Returns the real device of an index, with the registration that the fleet has for it. Fails if DPS would not register it now, such as
 * a device with a former key: then it cannot have the state of its number.
 */
export async function bringDevice(
  fleet: Fleet,
  index: number,
  rules: FleetRules,
  idScope: string,
): Promise<Result<Device>> {
  const isNew = !fleet.samples.has(index);
  const device = await fleet.sample(index);
  const host = fleet.hubs[(fleet.assigned[index] ?? 0) - 1];
  if (!isNew || host === undefined) return succeeded(device);
  const brought = rules.bring(await callOf(fleet, device, idScope), host);
  if (!brought.ok) {
    fleet.forget(index);
    return brought;
  }
  device.assign({ hub: host, deviceId: fleet.registrationIdOf(index) });
  return succeeded(device);
}

async function callOf({ transport }: Fleet, device: Device, idScope: string): Promise<FleetCall> {
  const registrationId = device.registrationId ?? device.name;
  const token = await attestations[device.attestation].dpsToken(device, `${idScope}/registrations/${registrationId}`);
  return { registrationId, transport, token };
}

async function visitOf(device: Device, hub: number, rules: FleetRules): Promise<VisitForecast> {
  const place = device.assigned;
  if (hub === 0 || place === undefined) return { accepted: false, check: undefined };
  const token = await attestations[device.attestation].hubToken(device, `${place.hub}/devices/${place.deviceId}`);
  return rules.foreseeVisit(place.hub, place.deviceId, token);
}
