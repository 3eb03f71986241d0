import { Validities } from './validities.ts';

/** The state of the devices of a fleet between two steps, by the index of the device. */
export class FleetState {
  /** The hub of each device: 0 for none, otherwise the position in `Fleet.hubs` from 1. */
  readonly assigned: Uint8Array;
  /**
   * Number of preparations, such as the installation of a key, before the last registration of each device. If the fleet has more
   * preparations now, the hub may know an older credential of the device.
   */
  readonly preparedAtRegistration: Uint8Array;
  /** Number of random numbers that each device has drawn. */
  readonly draws: Uint32Array;
  /** The certificates with which the devices attest; undefined if they attest without certificates. */
  readonly certificates: Validities | undefined;
  /** For each device: 1 if its certificate comes from a renewal, 0 if it comes from the factory. */
  readonly isRenewed: Uint8Array | undefined;
  /** The certificates that DPS issued for the hub; undefined if DPS issues none. */
  readonly issued: Validities | undefined;
  /** Number of successive failed renewals, and instant of the next try, in milliseconds since 1970. */
  readonly renewal: { readonly failures: Uint8Array; readonly retryAt: Float64Array } | undefined;

  private constructor(state: { readonly [Member in keyof FleetState as Exclude<Member, 'copy'>]: FleetState[Member] }) {
    this.assigned = state.assigned;
    this.preparedAtRegistration = state.preparedAtRegistration;
    this.draws = state.draws;
    this.certificates = state.certificates;
    this.isRenewed = state.isRenewed;
    this.issued = state.issued;
    this.renewal = state.renewal;
  }

  /** Returns the state of new devices. */
  static initial(size: number, has: Readonly<Record<'certificates' | 'issued' | 'renewal', boolean>>): FleetState {
    return new FleetState({
      assigned: new Uint8Array(size),
      preparedAtRegistration: new Uint8Array(size),
      draws: new Uint32Array(size),
      certificates: has.certificates ? Validities.none(size) : undefined,
      isRenewed: has.certificates ? new Uint8Array(size) : undefined,
      issued: has.issued ? Validities.none(size) : undefined,
      renewal: has.renewal
        ? { failures: new Uint8Array(size), retryAt: new Float64Array(size).fill(Number.NEGATIVE_INFINITY) }
        : undefined,
    });
  }

  copy(): FleetState {
    return new FleetState({
      assigned: this.assigned.slice(),
      preparedAtRegistration: this.preparedAtRegistration.slice(),
      draws: this.draws.slice(),
      certificates: this.certificates?.copy(),
      isRenewed: this.isRenewed?.slice(),
      issued: this.issued?.copy(),
      renewal: this.renewal && {
        failures: this.renewal.failures.slice(),
        retryAt: this.renewal.retryAt.slice(),
      },
    });
  }
}
