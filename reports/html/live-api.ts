import type { Decision } from '../../core/history/decision.ts';
import type { Transport } from '../../core/history/events.ts';

/** A log line of the lab, as the event stream sends it. It contains no secret. */
export interface LiveEntry {
  /** Time of the lab, in ISO 8601. */
  readonly at: string;
  readonly kind: string;
  /** `dps`, or the host name of a hub. */
  readonly service?: string;
  /** Registration ID, or the device ID at a hub. */
  readonly subject?: string;
  readonly transport?: Transport;
  readonly outcome?: 'accepted' | 'refused';
  /** ID of the check that failed. Absent if no service refused a client. */
  readonly check?: string;
  /** The values that the check compared. */
  readonly reason?: string;
  readonly sentence: string;
}

/** A decision with its time in ISO 8601, as the event stream sends it. */
export interface LiveDecision extends Decision {
  readonly kind: 'decision';
  readonly at: string;
}

/** A twin in the form of the service API, with only the members that the page shows. */
interface LiveTwin {
  readonly deviceId?: string;
  readonly connectionState?: string;
  readonly properties?: unknown;
  readonly tags?: unknown;
}

interface LiveHub {
  readonly name: string;
  readonly host: string;
  readonly devices?: number;
  readonly telemetry?: number;
  readonly twins?: readonly LiveTwin[];
}

/** The answer of `GET /lab`. It contains no key. */
export interface LabView {
  /** Time of the lab in ISO 8601. */
  readonly now: string;
  readonly idScope: string;
  readonly enrollments: readonly {
    readonly registrationId: string;
    readonly deviceId?: string;
    readonly attestation: string;
    readonly status: string;
  }[];
  readonly enrollmentGroups: readonly {
    readonly enrollmentGroupId: string;
    readonly attestation: string;
    readonly status: string;
  }[];
  readonly hubs: readonly LiveHub[];
  readonly tpms: readonly {
    readonly name: string;
    readonly registrationId: string;
    readonly simulator: { readonly host: string; readonly port: number };
  }[];
}

/** A secret of the lab, as `GET /secrets` lists it. */
export interface LiveSecret {
  readonly name: string;
  readonly kind: string;
  /** Path of the file or folder with the secret, or a description of the part of the lab that has it. */
  readonly place: string;
  /** The value of the secret. Absent unless the request asks for values. */
  readonly value?: string;
}

/** An active fault, as `GET /faults` lists it. */
export interface LiveFault {
  readonly id: string;
  readonly effect: { readonly kind: string; readonly status?: number; readonly delayMs?: number };
  readonly registrationId?: string;
  readonly count?: number;
  readonly struck: number;
}

/** A CA of the device registry. */
export interface LiveAuthority {
  readonly namespace: string;
  readonly certificateAuthority: string;
  readonly type: 'Root' | 'ICA';
  readonly issuer?: 'Microsoft' | 'External';
  readonly status?: string;
  readonly subject?: string;
  /** End of its validity in ISO 8601. */
  readonly notAfter?: string;
  /** SHA-256 in hexadecimal. */
  readonly thumbprint?: string;
  readonly sync: readonly {
    readonly hub: string;
    readonly state: 'none' | 'pending' | 'synced' | 'revoked' | 'removed';
  }[];
  readonly policies: readonly { readonly policy: string; readonly validityDays: number }[];
}

/** The answer of `GET /registry`. It contains no key. */
export interface LiveRegistry {
  readonly authorities: readonly LiveAuthority[];
  readonly devices: readonly { readonly deviceId: string; readonly isDisabled: boolean; readonly policy?: string }[];
}
