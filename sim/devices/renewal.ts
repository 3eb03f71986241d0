import { defined } from '../../core/defined.ts';
import type { Millis } from '../../core/time/clock.ts';
import { addDuration } from '../../core/time/duration.ts';
import { parseCertificate } from '../../core/x509/certificate.ts';
import type { Network } from '../world/network.ts';
import type { Asked } from '../pki/asked.ts';
import type { RenewalWords } from '../scenario/words/renewal-words.ts';
import { forgetKey } from '../key-stores/forget-key.ts';
import { provision } from './attempt.ts';
import type { Device, InstalledCertificate } from './device.ts';
import { receivedCertificate, requestCertificate, type Requested } from './issued-credential.ts';
import { issuedFits } from './issued-fits.ts';
import { mishapOf } from './mishap.ts';

/** Whom a renewal needs beside the device; the world knows them. */
export interface RenewalPlaces {
  readonly network: Network;
  /**
   * Asks a CA to sign for the key in a request.
   *
   * @param isInService whether the device was at its hub just now: the manufacturer reaches it by no other way.
   * @returns DER of the certificate and of the authorities above it.
   */
  ask(renewal: Pick<RenewalWords, 'from' | 'validity'>, asking: Asking): Promise<Asked<readonly Buffer[]>>;
  /** Tells an individual enrollment by thumbprint, where there is one, of the certificate that comes next. */
  announce(registrationId: string, present: Buffer, next: Buffer): void;
  tell(device: Device, sentence: string): void;
}

interface Asking {
  readonly device: Device;
  readonly csr: string;
  readonly isInService: boolean;
}

/** Where the power fails in the middle of a renewal. */
export const powerFailures = ['before-answer', 'while-writing', 'before-proof'] as const;
type PowerFailure = (typeof powerFailures)[number];

/** What may go wrong with the device itself, at most once. */
export interface Mishap {
  powerFails: PowerFailure | undefined;
}

/**
 * Renews the certificate of one device: when it is due, from where its maker has said, again and again until it works. A
 * device with two places keeps the old certificate and its key until DPS and hub have taken the new one. Each new key is made
 * where the device keeps its keys, and what has no certificate any more is taken out of there.
 */
export class RenewalAgent {
  readonly #words: RenewalWords;
  #failures = 0;
  #retryAt: Millis = -Infinity;
  /** A key that waits for its certificate: who is slow wants to be asked the same again. */
  #pending: Requested | undefined;

  constructor(words: RenewalWords) {
    this.#words = words;
  }

  /** When after `now` it wants to be woken; Infinity where it waits for nothing. */
  wakeAfter(now: Millis): Millis {
    return this.#retryAt > now ? this.#retryAt : Infinity;
  }

  /** Does what is due. `isInService`: whether the hub has let the device in just now. */
  async run(device: Device, isInService: boolean, places: RenewalPlaces, mishap: Mishap): Promise<void> {
    if (places.network.clock.now() < this.#retryAt || !this.#isDue(device)) return;
    const problem = await this.#renewOrMishap(device, isInService, places, mishap);
    if (problem === undefined) {
      this.#failures = 0;
      this.#retryAt = -Infinity;
      places.tell(device, 'its certificate is renewed');
      return;
    }
    places.tell(device, `no new certificate yet: ${problem.sentence}`);
    this.#retryAt = places.network.clock.now() + (problem.afterMs ?? this.#backOff(device, places));
  }

  #isDue({ flash, clock }: Device): boolean {
    if (flash.spare !== undefined) return true;
    const leaf = (this.#words.from === 'dps' ? flash.issued : flash.certificate)?.leaf;
    const read = leaf === undefined ? undefined : parseCertificate(leaf);
    if (read?.ok !== true) return false;
    const { notBefore, notAfter } = read.certificate;
    return clock.now() >= notBefore + (notAfter - notBefore) * this.#words.at;
  }

  /** A TPM that makes no key leaves a device with the certificate that it has. */
  async #renewOrMishap(...words: Parameters<RenewalAgent['run']>): Promise<Problem | undefined> {
    const [device, , { network }] = words;
    try {
      return await this.#renew(...words);
    } catch (error) {
      const sentence = mishapOf(error, nameOf(device), network);
      if (sentence === undefined) throw error;
      return { sentence };
    }
  }

  async #renew(
    device: Device,
    isInService: boolean,
    places: RenewalPlaces,
    mishap: Mishap,
  ): Promise<Problem | undefined> {
    if (this.#words.from === 'dps') return this.#registerAgain(device, places);
    if (device.flash.spare !== undefined) return proveSpare(device, places);
    const name = nameOf(device);
    const request = (this.#pending ??= await requestCertificate(name, device.keys));
    const asked = await places.ask(this.#words, { device, csr: request.csr, isInService });
    if (asked.kind === 'later') return asked;
    // A request that was refused, or answered, is not made again: the next has a key of its own.
    if (asked.kind !== 'unreachable') this.#pending = undefined;
    if (strikes(mishap, 'before-answer')) return this.#restart(request, 'the power failed before the answer came');
    if (asked.kind === 'refused') await forgetKey(request.key.handshake);
    if (asked.kind !== 'given') return asked;
    return this.#install(device, asked.given, request, places, mishap);
  }

  async #install(
    device: Device,
    given: readonly Buffer[],
    request: Requested,
    places: RenewalPlaces,
    mishap: Mishap,
  ): Promise<Problem | undefined> {
    const next = receivedCertificate(
      given.map((der) => der.toString('base64')),
      request,
    );
    if (next === undefined || !issuedFits(nameOf(device), next.leaf, request.key.publicKey, places.network)) {
      await forgetKey(request.key.handshake);
      return { sentence: 'what came is not what was asked for' };
    }
    if (strikes(mishap, 'while-writing')) {
      const { certificate: half, ...flash } = device.flash;
      // One place: the old certificate was being written over. Two: only the spare one is spoilt.
      if (!this.#words.keepsOld) {
        device.flash = flash;
        await forgetKey(half);
      }
      return this.#restart(request, 'the power failed while it was written');
    }
    const present = device.flash.certificate;
    if (this.#words.announces && present !== undefined) places.announce(nameOf(device), present.leaf, next.leaf);
    return installRenewed(device, next, this.#words.keepsOld, places, strikes(mishap, 'before-proof'));
  }

  /** DPS issues along with a registration: what the device shows the hub is renewed by asking once more. */
  async #registerAgain(device: Device, { network }: RenewalPlaces): Promise<Problem | undefined> {
    const end = await provision(device, nameOf(device), network, undefined, this.#words.keepsOld);
    return end.telemetry === 'accepted' ? undefined : end;
  }

  /** After a cold start nothing is known of what was under way, but that a key in the store has no certificate. */
  async #restart({ key }: Requested, sentence: string): Promise<Problem> {
    this.#pending = undefined;
    await forgetKey(key.handshake);
    return { sentence };
  }

  #backOff({ random }: Device, { network }: RenewalPlaces): Millis {
    const now = network.clock.now();
    const step = addDuration(now, this.#words.retry) - now;
    const doubled = step * 2 ** Math.min(this.#failures++, longestDoubling);
    return Math.max(1000, Math.round(doubled * (0.5 + random.number())));
  }
}

interface Problem {
  readonly sentence: string;
  /** When to ask again, where that was told. */
  readonly afterMs?: Millis;
}

/** At most eight times the first wait. */
const longestDoubling = 3;

/**
 * Puts a new certificate into a device, and in a device with two places keeps the old one until the new one has been
 * taken by DPS and hub. Returns what kept it from that.
 *
 * @param powerFails the power goes after it is written and before it is tried.
 */
export async function installRenewed(
  device: Device,
  next: InstalledCertificate,
  keepsOld: boolean,
  places: RenewalPlaces,
  powerFails = false,
): Promise<Problem | undefined> {
  const former = device.flash.certificate;
  device.flash = keepsOld ? { ...device.flash, spare: next } : { ...device.flash, certificate: next };
  if (!keepsOld) await forgetKey(former);
  if (powerFails) return { sentence: 'the power failed before it was tried' };
  if (keepsOld) return proveSpare(device, places);
  const end = await provision(device, nameOf(device), places.network);
  return end.telemetry === 'accepted' ? undefined : end;
}

/** The spare certificate becomes the one in use if DPS and hub take it, and is thrown away if they do not. */
async function proveSpare(device: Device, { network }: RenewalPlaces): Promise<Problem | undefined> {
  const { spare, ...flash } = device.flash;
  if (spare === undefined) return undefined;
  const tried: Device = { ...device, flash: { ...flash, certificate: spare } };
  const end = await provision(tried, nameOf(device), network);
  const works = end.telemetry === 'accepted';
  const { issued } = tried.flash;
  // What DPS issued for the hub in the meantime is there to stay.
  device.flash = works ? tried.flash : { ...flash, ...defined({ issued }) };
  if (works) device.assigned = tried.assigned;
  await forgetKey(works ? flash.certificate : spare);
  return works ? undefined : end;
}

function strikes(mishap: Mishap, moment: PowerFailure): boolean {
  if (mishap.powerFails !== moment) return false;
  mishap.powerFails = undefined;
  return true;
}

function nameOf({ registrationId, name }: Device): string {
  return registrationId ?? name;
}
