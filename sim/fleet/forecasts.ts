import type { CheckId } from '../../core/checks.ts';
import type { FleetRules, HubIssuance, RegistrationForecast } from '../../core/cloud/fleet-rules.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { Device } from '../devices/device.ts';
import { attestations } from '../devices/attestation/attestations.ts';
import type { Fleet, IssueCertificate } from './fleet.ts';
import { hubCredential, registrationCall, type ShownCertificate } from './foreseen-credentials.ts';
import { realDevice } from './real-device.ts';

/** The decisions of the services for the devices of a fleet in one step. */
export interface Forecasts {
  /** The check that every device fails before it sends anything; undefined if the devices are ready. */
  readonly notReady: CheckId | undefined;
  /** Returns the class of a device: an index of `classes`. Devices of a class have the same credentials and the same enrollment. */
  readonly classOf: (device: number) => number;
  readonly classes: readonly ClassForecast[];
  /** Returns the hub that DPS chooses for a device, as in `FleetState.assigned`; 0 if DPS chooses the same hub for all devices. */
  readonly chosenHub: (index: number) => number;
}

/** The decisions for devices of one class. */
interface ClassForecast {
  /**
   * `valid`: true if the hub accepts a device with a valid credential. `invalid`: true if it accepts a certificate that is not valid now.
   */
  readonly visit: { readonly valid: boolean; readonly invalid: boolean };
  /** The certificates that a hub issues. */
  readonly issuance: HubIssuance;
  /** Decisions of DPS: first by the hub at which the device is registered, then by `certificateKind`. */
  readonly registrations: readonly (readonly (readonly Epoch[])[])[];
}

/** A period in which DPS always makes the same decision. */
export interface Epoch {
  readonly from: Millis;
  /** Decisions by the hub that DPS chooses, as in `Forecasts.chosenHub`. */
  readonly byHub: readonly RegistrationForecast[];
}

/**
 * Returns the position of a certificate in the lists of forecasts. Devices without certificates use the position of a valid certificate
 * from the factory.
 */
export function certificateKind({ isValid, isRenewed }: ShownCertificate): number {
  return (isValid ? 0 : 1) + (isRenewed ? 2 : 0);
}

export interface ForeseenStep {
  readonly rules: FleetRules;
  readonly idScope: string;
  readonly startAt: Millis;
  /** Makes certificates as the renewal of the devices does; undefined if the devices do not renew at a CA. */
  readonly renew: IssueCertificate | undefined;
  /** True if a device may register several times in the step, each time from another hub. */
  readonly isLong: boolean;
}

type HubOf = ((registrationId: string) => string | undefined) | undefined;

/** Asks the services for their decisions. Devices of one class get the same decisions, so one real device represents each class. */
export async function foreseeAll(fleet: Fleet, step: ForeseenStep): Promise<Forecasts> {
  const { numbers, members } = classesOf(fleet);
  const classes: ClassForecast[] = [];
  let notReady: CheckId | undefined;
  let hubOf: HubOf;
  for (const indices of members) {
    const device = await representative(fleet, indices, step);
    if (attestations[device.attestation].missing(device) !== undefined) notReady = 'credential-present';
    const own = fleet.state.assigned[indices.first] ?? 0;
    const registrations: (readonly (readonly Epoch[])[])[] = [];
    if (notReady === undefined) {
      for (const hub of step.isLong ? [0, ...fleet.hubs.map((_, index) => index + 1)] : [own]) {
        const former = fleet.hubs[hub - 1];
        registrations[hub] = await foreseeRegistrations(fleet, device, former, step);
      }
    }
    const [first] = registrations[own]?.[0]?.[0]?.byHub ?? [];
    if (first !== undefined && 'hubOf' in first) hubOf = first.hubOf;
    const issuance = step.rules.hubIssuance(device.assigned?.deviceId ?? '');
    classes.push({ visit: await foreseeVisits(device, step), issuance, registrations });
  }
  return { notReady, classOf: (device) => numbers[device] ?? 0, classes, chosenHub: chooser(fleet, hubOf) };
}

/** Numbers the classes. Devices that registered at the same hub after the same preparations are in one class. */
function classesOf({ size, state, seededSamples }: Fleet) {
  const numbers = new Uint8Array(size);
  const known = new Map<number, number>();
  const members: { readonly first: number; sample: number | undefined }[] = [];
  for (let device = 0; device < size; device++) {
    const hub = state.assigned[device] ?? 0;
    const key = hub === 0 ? 0 : hub * 256 + (state.preparedAtRegistration[device] ?? 0);
    let number = known.get(key);
    if (number === undefined) {
      number = members.push({ first: device, sample: undefined }) - 1;
      known.set(key, number);
    }
    numbers[device] = number;
  }
  for (const sample of seededSamples) {
    const member = members[numbers[sample] ?? 0];
    if (member !== undefined) member.sample ??= sample;
  }
  return { numbers, members };
}

/** Returns a real device of a class. If no device of the class is a sample, its first device becomes real. */
async function representative(
  fleet: Fleet,
  { first, sample }: { readonly first: number; readonly sample: number | undefined },
  step: ForeseenStep,
): Promise<Device> {
  return realDevice(fleet, sample ?? first, step);
}

async function foreseeRegistrations(
  fleet: Fleet,
  device: Device,
  former: string | undefined,
  step: ForeseenStep,
): Promise<readonly (readonly Epoch[])[]> {
  const kinds: (readonly Epoch[])[] = [];
  for (const shown of certificatesShown(fleet, step)) {
    const epochs: Epoch[] = [];
    for (let from: Millis | undefined = step.startAt; from !== undefined;) {
      const { call, at } = await registrationCall(fleet, device, shown, from, step);
      const first: RegistrationForecast = await step.rules.foresee(call, { at, former });
      const byHub = [first];
      if ('hubOf' in first && first.hubOf !== undefined) {
        for (const host of fleet.hubs) byHub.push(await step.rules.foresee(call, { at, host, former }));
      }
      epochs.push({ from, byHub });
      // `registrationCall` changes the instant only for a certificate of an individual enrollment. Then only the validity of this
      // certificate matters, so one epoch covers the whole step.
      from = at === from ? first.until : undefined;
    }
    kinds[certificateKind(shown)] = epochs;
  }
  return kinds;
}

function certificatesShown({ attestation }: Fleet, { renew }: ForeseenStep): readonly ShownCertificate[] {
  const valid = { isValid: true, isRenewed: false };
  if (attestation !== 'x509') return [valid];
  const first = [valid, { isValid: false, isRenewed: false }];
  return renew === undefined ? first : [...first, ...first.map((each) => ({ ...each, isRenewed: true }))];
}

async function foreseeVisits(device: Device, { rules, startAt }: ForeseenStep): Promise<ClassForecast['visit']> {
  const place = device.assigned;
  if (place === undefined) return { valid: false, invalid: false };
  const accepts = async (isValid: boolean): Promise<boolean> => {
    const credential = await hubCredential(device, place, isValid, startAt);
    return rules.foreseeVisit({ host: place.hub, deviceId: place.deviceId, ...credential }).accepted;
  };
  return { valid: await accepts(true), invalid: await accepts(false) };
}

function chooser(fleet: Fleet, hubOf: HubOf): Forecasts['chosenHub'] {
  if (hubOf === undefined) return () => 0;
  const numbers = new Map(fleet.hubs.map((host, index) => [host, index + 1]));
  const known = new Uint8Array(fleet.size).fill(unknown);
  return (index) => {
    if (known[index] === unknown) known[index] = numbers.get(hubOf(fleet.registrationIdOf(index)) ?? '') ?? 0;
    return known[index] ?? 0;
  };
}

/** Marks a device whose hub the simulation has not computed yet. The value is above every hub number. */
const unknown = 255;
