import { defined } from '../../../core/defined.ts';
import type { Millis } from '../../../core/time/clock.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import type { Network } from '../../world/network.ts';
import type { CaResponse } from '../../pki/ca-response.ts';
import type { RenewalWords } from '../../scenario/words/renewal-words.ts';
import { renewalDueAt, waitBeforeRenewal } from '../renewal-times.ts';
import { forgetKey } from '../../key-stores/forget-key.ts';
import { provision } from '../attempt.ts';
import type { Device } from '../device.ts';
import { deviceFailureOf } from '../device-failure.ts';
import type { InstalledCertificate } from '../flash.ts';
import { receivedCertificate, requestCertificate, type CertificateRequest } from '../issued-credential.ts';
import { visitHub } from '../hub-session.ts';
import { issuedFits } from '../issued-fits.ts';
import { isAtService } from './is-at-service.ts';
import { requestFromHub } from './renew-through-hub.ts';
import type { RenewalState } from './renewal-state.ts';

/** Functions of the simulated world that a renewal uses. */
export interface RenewalPlaces {
  readonly network: Network;
  /**
   * Requests a certificate for the key in a certificate signing request.
   * @returns DER of the certificate, followed by the CAs above it.
   */
  ask(
    renewal: Pick<RenewalWords, 'from' | 'validity'>,
    request: RenewalRequest,
  ): Promise<CaResponse<readonly Buffer[]>>;
  /**
   * Adds the thumbprint of the next certificate to the individual enrollment of the device. Does nothing if the device has no individual
   * enrollment.
   */
  announce(registrationId: string, present: Buffer, next: Buffer): void;
  tell(device: Device, sentence: string): void;
}

interface RenewalRequest {
  readonly device: Device;
  /** PKCS #10 in DER, as base64. */
  readonly csr: string;
  /** True if the hub has just accepted the device. A manufacturer can reach a device only through the hub. */
  readonly isInService: boolean;
}

/** Points of a renewal at which the power can fail. */
export const powerFailures = ['before-answer', 'after-accepted', 'while-writing', 'before-proof'] as const;
type PowerFailure = (typeof powerFailures)[number];

/** A planned power failure of a renewal. It happens at most once. */
export interface PlannedPowerFailure {
  powerFails: PowerFailure | undefined;
}

/** The inputs of one renewal of one device. */
interface Renewal {
  readonly device: Device;
  readonly state: RenewalState;
  readonly isInService: boolean;
  readonly places: RenewalPlaces;
  readonly planned: PlannedPowerFailure;
}

/**
 * Renews the certificate of a device when it is due, and again after the wait that follows a failure. The device makes the new key in its
 * key store. A device that keeps the old certificate deletes it, with its key, when DPS and the hub have accepted the new certificate. The
 * device also removes each key that has no certificate any more.
 * @param isInService true if the hub has just accepted the device.
 * @returns undefined if no renewal is due.
 */
export async function renewWhenDue(
  device: Device,
  isInService: boolean,
  places: RenewalPlaces,
  planned: PlannedPowerFailure,
): Promise<'renewed' | 'failed' | undefined> {
  const state = device.renewal;
  if (state === undefined || !isRenewalDue(device, places.network)) return undefined;
  const problem = await renewOrFail({ device, state, isInService, places, planned });
  if (problem === undefined) {
    state.succeed();
    places.tell(
      device,
      `its certificate is renewed${device.isDirect === true ? ' under the same conditions as before' : ''}`,
    );
    return 'renewed';
  }
  places.tell(device, `no new certificate yet: ${problem.sentence}`);
  const now = places.network.clock.now();
  state.waitUntil(now + (problem.afterMs ?? waitBeforeRenewal(state.plan, now, state.countFailure(), device.random)));
  return 'failed';
}

/** Returns true if the device should renew its certificate now: the renewal is due, and no wait after a failure remains. */
export function isRenewalDue(device: Device, { clock }: Pick<Network, 'clock'>): boolean {
  const state = device.renewal;
  return state !== undefined && state.isOpenAt(clock.now()) && isDue(device, state.plan);
}

function isDue({ flash, clock }: Device, plan: RenewalWords): boolean {
  if (flash.spare !== undefined) return true;
  const leaf = (isAtService(plan) ? flash.issued : flash.certificate)?.leaf;
  const read = leaf === undefined ? undefined : parseCertificate(leaf);
  if (read?.ok !== true) return false;
  return clock.now() >= renewalDueAt(read.value, plan.at);
}

/** Renews the certificate. If the TPM cannot make a key, the device keeps its present certificate. */
async function renewOrFail(renewal: Renewal): Promise<Problem | undefined> {
  try {
    return await renew(renewal);
  } catch (error) {
    const failure = deviceFailureOf(error, nameOf(renewal.device), renewal.places.network);
    if (failure === undefined) throw error;
    return failure;
  }
}

async function renew(renewal: Renewal): Promise<Problem | undefined> {
  const { device, state, isInService, places, planned } = renewal;
  if (state.plan.from === 'dps') return registerAgain(renewal);
  if (state.plan.from === 'hub') return renewAtHub(renewal);
  if (device.flash.spare !== undefined) return proveSpare(device, places);
  const request = state.pending ?? (await requestCertificate(nameOf(device), device.keys));
  state.keepPending(request);
  const response = await places.ask(state.plan, { device, csr: request.csr, isInService });
  const failure = response.ok ? undefined : response.failure;
  if (failure?.code === 'later') return failure;
  // After a response, the device does not repeat the request: its next request has a new key.
  if (failure?.code !== 'unreachable') state.keepPending(undefined);
  if (strikes(planned, 'before-answer')) return restart(state, request, 'the power failed before the answer arrived');
  if (failure?.code === 'refused') await forgetKey(request.key.handshake);
  return response.ok ? install(renewal, response.value, request) : response.failure;
}

async function install(
  { device, state, places, planned }: Renewal,
  ders: readonly Buffer[],
  request: CertificateRequest,
): Promise<Problem | undefined> {
  const { keepsOld, announces } = state.plan;
  const next = receivedCertificate(
    ders.map((der) => der.toString('base64')),
    request,
  );
  if (next === undefined || !issuedFits(nameOf(device), next.leaf, request.key.publicKey, places.network)) {
    await forgetKey(request.key.handshake);
    return { sentence: 'the issued certificate does not fit the request' };
  }
  const present = device.flash.certificate;
  if (strikes(planned, 'while-writing')) {
    // If the flash has one slot for certificates, the write destroys the old certificate. If it has two, the write destroys only the new
    // certificate.
    if (!keepsOld) {
      device.writeFlash({ certificate: undefined });
      await forgetKey(present);
    }
    return restart(state, request, 'the power failed while the device wrote the new certificate');
  }
  if (announces && present !== undefined) places.announce(nameOf(device), present.leaf, next.leaf);
  return installRenewed(device, next, keepsOld, places, strikes(planned, 'before-proof'));
}

/** Registers again, because DPS issues a hub certificate only with a registration. */
async function registerAgain({ device, state, places }: Renewal): Promise<Problem | undefined> {
  const end = await provision(device, nameOf(device), places.network, undefined, state.plan.keepsOld);
  return end.telemetry === 'accepted' ? undefined : end;
}

/** Renews the certificate that DPS issued, by a request to the hub. */
async function renewAtHub({ device, state, places, planned }: Renewal): Promise<Problem | undefined> {
  const { network } = places;
  const { keepsOld, whenActive } = state.plan;
  const replaces = whenActive === 'replace';
  const name = nameOf(device);
  const request = await requestCertificate(name, device.keys);
  const powerFails = (): boolean => strikes(planned, 'before-answer') || strikes(planned, 'after-accepted');
  const answered = await requestFromHub(device, { csr: request.csr, replaces, powerFails }, network);
  if (!answered.ok) {
    const isFinal = answered.failure.code === 'request-active' && whenActive === 'give-up';
    const problem = await restart(state, request, answered.failure.sentence);
    return isFinal ? { ...problem, afterMs: Infinity } : problem;
  }
  const next = receivedCertificate(answered.value, request);
  if (next === undefined || !issuedFits(name, next.leaf, request.key.publicKey, network))
    return restart(state, request, 'the issued certificate does not fit the request');
  const former = device.flash.issued;
  if (strikes(planned, 'while-writing')) {
    if (!keepsOld) {
      device.writeFlash({ issued: undefined });
      await forgetKey(former);
    }
    return restart(state, request, 'the power failed while the device wrote the new certificate');
  }
  if (!keepsOld) {
    device.writeFlash({ issued: next });
    await forgetKey(former);
    return strikes(planned, 'before-proof')
      ? { sentence: 'the power failed before the device tried the new certificate' }
      : undefined;
  }
  return proveIssued(device, next, places);
}

/**
 * Visits the hub with a newly issued certificate. If the hub accepts this certificate, the device drops the old one. Otherwise the device
 * deletes the new certificate.
 */
async function proveIssued(
  device: Device,
  next: InstalledCertificate,
  { network }: RenewalPlaces,
): Promise<Problem | undefined> {
  const { assigned } = device;
  if (assigned === undefined) return { sentence: 'the device was never assigned to a hub' };
  const visit = await visitHub(device.trialWith({ issued: next }), assigned, network);
  const works = visit.telemetry === 'accepted';
  const former = device.flash.issued;
  if (works) device.writeFlash({ issued: next });
  await forgetKey(works ? former : next);
  return works ? undefined : { sentence: visit.sentence };
}

/**
 * Gives up a request after a cold start. The device no longer knows the request and finds only a key without a certificate in its store.
 */
async function restart(state: RenewalState, { key }: CertificateRequest, sentence: string): Promise<Problem> {
  state.keepPending(undefined);
  await forgetKey(key.handshake);
  return { sentence };
}

interface Problem {
  readonly sentence: string;
  /** Wait that the CA demands, in milliseconds; Infinity if the device gives up. */
  readonly afterMs?: Millis;
}

/**
 * Installs a new certificate in a device. A device that keeps the old certificate deletes it when DPS and the hub have accepted the new
 * certificate.
 * @param powerFails true if the power fails between the write and the first use.
 * @returns the reason why the device does not use the new certificate; undefined if it does.
 */
export async function installRenewed(
  device: Device,
  next: InstalledCertificate,
  keepsOld: boolean,
  places: RenewalPlaces,
  powerFails = false,
): Promise<Problem | undefined> {
  const former = device.flash.certificate;
  device.writeFlash(keepsOld ? { spare: next } : { certificate: next });
  if (!keepsOld) await forgetKey(former);
  if (powerFails) return { sentence: 'the power failed before the device tried the new certificate' };
  if (keepsOld) return proveSpare(device, places);
  const end = await provision(device, nameOf(device), places.network);
  return end.telemetry === 'accepted' ? undefined : end;
}

/**
 * Tries the spare certificate. If DPS and the hub accept it, the spare certificate becomes the certificate of the device. Otherwise the
 * device deletes the spare certificate.
 */
async function proveSpare(device: Device, { network }: RenewalPlaces): Promise<Problem | undefined> {
  const { spare, certificate } = device.flash;
  if (spare === undefined) return undefined;
  const trial = device.trialWith({ certificate: spare, spare: undefined });
  const end = await provision(trial, nameOf(device), network);
  const works = end.telemetry === 'accepted';
  const { issued } = trial.flash;
  // DPS may have issued a hub certificate during the trial. The device keeps that certificate even if the trial failed.
  device.writeFlash({ ...(works ? { certificate: spare } : {}), spare: undefined, ...defined({ issued }) });
  if (works && trial.assigned !== undefined) device.assign(trial.assigned);
  await forgetKey(works ? certificate : spare);
  return works ? undefined : end;
}

function strikes(planned: PlannedPowerFailure, moment: PowerFailure): boolean {
  if (planned.powerFails !== moment) return false;
  planned.powerFails = undefined;
  return true;
}

function nameOf({ registrationId, name }: Device): string {
  return registrationId ?? name;
}
