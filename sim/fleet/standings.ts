import type { FleetTerms, HubIssuance, IssuanceForecast, RegistrationForecast } from '../../core/cloud/fleet-rules.ts';
import { isValidAt } from '../../core/rules/is-valid-at.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { Fleet } from './fleet.ts';
import type { FleetState } from './fleet-state.ts';
import { certificateKind, type Epoch, type Forecasts } from './forecasts.ts';
import { replacedSince } from './real-device.ts';
import type { Ending, RegistrationEnd } from './registrations.ts';

/** The decisions of the services about each device of a fleet in its present state. Instants are milliseconds since 1970. */
export class Standings {
  /** A copy of the state of the fleet, which the simulation changes. */
  readonly state: FleetState;
  readonly #fleet: Fleet;
  readonly #forecasts: Forecasts;
  readonly #terms: FleetTerms;
  /** 1 if the device has registered in this step, so that its hub knows its credential. */
  readonly #isKnown: Uint8Array;
  /** 1 if the hub did not trust the CA of the certificate that the device got in this step. */
  readonly #isUntrusted: Uint8Array;
  /** The certificates that hubs issue to the devices that have registered in this step; undefined if none has. */
  #issuance: HubIssuance | undefined;
  readonly #shown = { isValid: true, isRenewed: false };

  constructor(fleet: Fleet, forecasts: Forecasts, terms: FleetTerms) {
    this.state = fleet.state.copy();
    this.#fleet = fleet;
    this.#forecasts = forecasts;
    this.#terms = terms;
    this.#isKnown = new Uint8Array(fleet.size);
    this.#isUntrusted = new Uint8Array(fleet.size);
  }

  /** Returns the decision of DPS on a register request. @param isTrial true if the device tries a certificate that it has just renewed. */
  registrationOf(device: number, at: Millis, isTrial = false): RegistrationForecast {
    const { certificates, isRenewed, assigned } = this.state;
    this.#shown.isValid = isTrial || certificates === undefined || certificates.isValidAt(device, at);
    this.#shown.isRenewed = isTrial || isRenewed?.[device] === 1;
    const { registrations } = this.#classOf(device);
    const epochs = registrations[assigned[device] ?? 0]?.[certificateKind(this.#shown)];
    const byHub = epochs === undefined ? undefined : epochAt(epochs, at)?.byHub;
    const forecast = byHub?.[byHub.length > 1 ? this.#forecasts.chosenHub(device) : 0];
    if (forecast === undefined) throw new Error(`device ${device} of the fleet has no forecast`);
    return forecast;
  }

  /** Returns true if the hub of a device accepts its credential. */
  isAccepted(device: number, at: Millis): boolean {
    if (this.state.assigned[device] === 0) return false;
    if (this.#isUntrusted[device] === 1 && !this.#issuanceOf(device, at).isTrusted) return false;
    const isValid = this.#isHubCredentialValid(device, at);
    if (this.#isKnown[device] === 1) return isValid || this.#terms.isDisabled('hub-certificate-valid-now');
    if (this.state.preparedAtRegistration[device] === replacedSince) return false;
    const { visit } = this.#classOf(device);
    return isValid ? visit.valid : visit.invalid;
  }

  /** Stores the outcome of a registration, and returns the outcome of the following visit to the hub. */
  registered(device: number, at: Millis, { ending, hub, issued, hubIssuance }: RegistrationEnd): Ending {
    if (hub === 0) return ending;
    this.state.assigned[device] = hub;
    this.state.preparedAtRegistration[device] = Math.min(this.#fleet.preparations, replacedSince - 1);
    this.#isKnown[device] = 1;
    if (issued !== undefined) this.state.issued?.set(device, issued);
    this.#issuance = hubIssuance;
    const isTrusted = issued === undefined || this.#issuanceOf(device, at).isTrusted;
    this.#isUntrusted[device] = isTrusted ? 0 : 1;
    if (!isTrusted) return untrusted;
    return this.isAccepted(device, at) ? ending : expired;
  }

  /**
   * Installs the certificate that a hub issued at `issuedAt`. A device that keeps its old certificate first tries the new one, at `triedAt`.
   * @returns true if the device has the new certificate.
   */
  issued(device: number, issuedAt: Millis, triedAt: Millis, keepsOld: boolean): boolean {
    const validity = this.#issuanceOf(device, issuedAt).issued?.(issuedAt);
    if (validity === undefined) return false;
    const works = this.#issuanceOf(device, triedAt).isTrusted && isValidAt(validity, triedAt);
    if (!works && keepsOld) return false;
    this.state.issued?.set(device, validity);
    this.#isUntrusted[device] = works ? 0 : 1;
    return true;
  }

  #issuanceOf(device: number, at: Millis): IssuanceForecast {
    const foresee = this.#isKnown[device] === 1 ? this.#issuance : this.#classOf(device).issuance;
    const host = this.#fleet.hubs[(this.state.assigned[device] ?? 0) - 1];
    return host === undefined || foresee === undefined ? { isTrusted: false } : foresee(host, at);
  }

  /** Records that a device has replaced its certificate. Its hub does not know the new certificate yet. */
  replaced(device: number): void {
    this.#isKnown[device] = 0;
    if (this.state.assigned[device] !== 0) this.state.preparedAtRegistration[device] = replacedSince;
  }

  /** Returns the end of validity of the credential of a device for its hub; Infinity for a key. */
  validUntil(device: number): Millis {
    const { issued, certificates } = this.state;
    const shown = issued?.has(device) === true ? issued : certificates;
    return shown?.of(device).notAfter ?? Infinity;
  }

  #isHubCredentialValid(device: number, at: Millis): boolean {
    const { issued, certificates } = this.state;
    const shown = issued?.has(device) === true ? issued : certificates;
    return shown?.isValidAt(device, at) ?? true;
  }

  #classOf(device: number) {
    const found = this.#forecasts.classes[this.#forecasts.classOf(device)];
    if (found === undefined) throw new Error(`device ${device} of the fleet has no class`);
    return found;
  }
}

function epochAt(epochs: readonly Epoch[], at: Millis): Epoch | undefined {
  let found = epochs[0];
  for (const epoch of epochs) if (epoch.from <= at) found = epoch;
  return found;
}

/** The outcome of an attempt without a credential. */
export const notReadyEnding = (check: NonNullable<Forecasts['notReady']>): Ending => ({
  outcome: 'refused',
  check,
  decidedBy: 'device',
});

const untrusted: Ending = { outcome: 'refused', check: 'hub-issuing-ca-synced', decidedBy: 'hub' };
const expired: Ending = { outcome: 'refused', check: 'hub-certificate-valid-now', decidedBy: 'hub' };
