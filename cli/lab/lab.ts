import type { CheckId, Judge } from '../../core/checks.ts';
import type { CheckResult } from '../../core/history/decision.ts';
import type { HistoryEvent } from '../../core/history/events.ts';

/** Options of `startLab`. All members are optional: without a file, the lab has one group, `devices`, with a symmetric key. */
export interface LabOptions {
  /** Path of a lab file (`rehearse list lab` shows the properties of such a file). Paths in the file are relative to the file. */
  readonly file?: string;
  /** The contents of a lab file as text or as an object, instead of `file`. */
  readonly lab?: string | object;
  /** Ports of the listeners. Default: 0, any free port, so that several labs run at the same time. */
  readonly ports?: { readonly https?: number; readonly mqtt?: number; readonly amqp?: number };
  /** Address at which the lab listens. Default: `127.0.0.1`. */
  readonly host?: string;
  /** DNS names and IP addresses for the server certificate, in addition to those of Azure and `localhost`. */
  readonly names?: readonly string[];
  /** Names of software TPMs to start. They need swtpm. */
  readonly tpms?: readonly string[];
  /** File in which the lab keeps its state. Default: the state ends with the lab. */
  readonly state?: string;
  /** Prints the log of the lab to stderr. Default: `quiet`. */
  readonly log?: 'quiet' | 'normal' | 'debug';
  /** Time limit for the start of the lab, in real milliseconds. Default: 30,000. */
  readonly startTimeoutMs?: number;
}

/** A running lab: a mock of DPS and its hubs in another process. It ends with `close`, with `await using`, or with this process. */
export interface Lab extends AsyncDisposable {
  readonly idScope: string;
  /** Address at which the listeners listen. */
  readonly address: string;
  /** WebSockets share the port of HTTPS. */
  readonly ports: { readonly https: number; readonly mqtt: number; readonly amqp: number };
  /** Host names of DPS, of its service API, of each hub by name, and for telemetry. The server certificate has them and `localhost`. */
  readonly hosts: {
    readonly device: string;
    readonly service: string;
    readonly hubs: Readonly<Record<string, string>>;
    /** Two TLS 1.3 host names for each hub: one for devices, one for the service side. Empty for a TLS profile without such names. */
    readonly hubNames: Readonly<Record<string, { readonly device: string; readonly service: string }>>;
    readonly events: string;
  };
  /** The root certificate that clients must trust, as PEM text and as the path of a file. */
  readonly trust: { readonly pem: string; readonly file: string };
  /** Variables for the process of a client, by which common SDKs find the root certificate (docs/serve.md). */
  readonly environment: Readonly<Record<string, string>>;
  /** Symmetric keys of the groups and enrollments in the lab file, in base64. */
  readonly keys: {
    readonly groups: Readonly<Record<string, LabKeys>>;
    readonly enrollments: Readonly<Record<string, LabKeys>>;
    /** A device that can register at once; null if the lab file has no symmetric key. */
    readonly firstDevice: { readonly registrationId: string; readonly key: string } | null;
  };
  /** Connection strings for service SDKs. The strings of the hubs are stored by hub name. */
  readonly connectionStrings: {
    readonly service: string;
    readonly hubs: Readonly<Record<string, string>>;
    readonly events: Readonly<Record<string, string>>;
  };
  readonly tpms: Readonly<Record<string, LabTpm>>;
  /** Folder with `NAME.pem`, `NAME-chain.pem` and `NAME-key.pem` of each CA of the lab file. */
  readonly pki: string;
  /** Address of the live page, on which a person watches and controls the lab. */
  readonly page: string;

  /** Creates or replaces an individual enrollment. Returns its symmetric keys; undefined for another attestation. */
  enroll(enrollment: LabEnrollment): Promise<LabKeys | undefined>;
  /**
   * Creates or replaces an enrollment group. Returns its symmetric keys; undefined for X.509. `deriveDeviceKey` makes the keys of its
   * devices.
   */
  enrollGroup(group: LabGroup): Promise<LabKeys | undefined>;
  /** Returns the registration of a device, as the service API describes it; undefined if the device has no registration. */
  registration(registrationId: string): Promise<LabRegistration | undefined>;
  /** Returns the time of the lab in ISO 8601. */
  now(): Promise<string>;
  /** Advances the clock of the lab. @param by ISO 8601 duration such as `P11M`. Returns the new time. */
  advance(by: string): Promise<string>;
  /** Injects a fault, in the form that a lab file uses, such as `{ answer: 429, retryAfter: 20, count: 3 }`. Returns its ID. */
  orderFault(fault: object): Promise<string>;
  /** Removes the fault with this ID. Without an ID, removes all faults. */
  removeFaults(id?: string): Promise<void>;
  /** Returns the decisions of DPS and hubs, oldest first. */
  decisions(registrationId?: string): Promise<readonly LabDecision[]>;
  /** Returns all recorded events: messages, decisions, faults and jumps of the clock, oldest first. */
  events(registrationId?: string): Promise<readonly LabEvent[]>;
  /**
   * Yields the past events that the lab keeps for streams, the oldest first, and then new events as they happen. Ends if the caller leaves
   * the loop or aborts the signal.
   */
  watch(signal?: AbortSignal): AsyncIterable<LabEvent>;
  /** Resolves with the first event, past or future, that `isWanted` accepts. @throws Error after `timeoutMs` (default: 10,000). */
  waitFor(isWanted: (event: LabEvent) => boolean, settings?: { readonly timeoutMs?: number }): Promise<LabEvent>;
  /** Ends the lab. Further calls return the same promise. @throws Error if the last changes could not be saved. */
  close(): Promise<void>;
}

/** Two symmetric keys in base64. */
export interface LabKeys {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

/** A software TPM of a lab. */
export interface LabTpm {
  /** Host and command port of Microsoft's simulator protocol; the platform port is the next number. */
  readonly simulator: { readonly host: string; readonly port: number };
  /** For `tpm2-tools -T`. */
  readonly tcti: string;
  /** TPM2B_PUBLIC in base64. */
  readonly endorsementKey: string;
  readonly registrationId: string;
}

/**
 * Members that individual enrollments and groups share. `terms` has members of the service API, such as `iotHubs`, `initialTwin` and
 * `reprovisionPolicy`.
 */
interface LabTerms {
  readonly provisioningStatus?: 'enabled' | 'disabled';
  readonly terms?: Readonly<Record<string, unknown>>;
}

/** An individual enrollment. It has exactly one of `symmetricKey`, `x509` and `tpm`. */
export interface LabEnrollment extends LabTerms {
  readonly registrationId: string;
  /** Device ID at the hub. Default: the registration ID. */
  readonly deviceId?: string;
  /** `true`: DPS makes the keys. */
  readonly symmetricKey?: true | LabKeys;
  /** Certificates in PEM. */
  readonly x509?: { readonly certificate: string; readonly secondary?: string };
  /** TPM2B_PUBLIC in base64. */
  readonly tpm?: { readonly endorsementKey: string };
}

/** An enrollment group. It has exactly one of `symmetricKey` and `x509`. */
export interface LabGroup extends LabTerms {
  readonly enrollmentGroupId: string;
  /** `true`: DPS makes the keys. */
  readonly symmetricKey?: true | LabKeys;
  /** Certificates of the signing CA, in PEM. */
  readonly x509?: { readonly certificate: string; readonly secondary?: string };
}

/** A registration, as the service API describes it. */
export interface LabRegistration {
  readonly registrationId: string;
  readonly status: string;
  readonly substatus?: string;
  readonly assignedHub?: string;
  readonly deviceId?: string;
}

/** A recorded event. Times are ISO 8601. Members that are not declared here depend on the kind of the event. */
export interface LabEvent {
  readonly kind: HistoryEvent['kind'];
  readonly at: string;
  readonly [member: string]: unknown;
}

/** A decision of DPS or a hub: its checks in order. */
export interface LabDecision {
  readonly kind: 'decision';
  readonly at: string;
  readonly judge: Judge;
  /** The registration ID, or the device ID at a hub. */
  readonly subject: string;
  readonly about: string;
  readonly checks: readonly CheckResult[];
  /** The check that failed; null if the service accepted the client. */
  readonly failed: CheckId | null;
}
