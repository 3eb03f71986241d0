import type { CheckId, Judge } from '../checks.ts';
import type { ClientHello } from '../wire/tls/client-hello.ts';
import type { Millis } from '../time/clock.ts';
import type { CertificateSpan } from './certificate-span.ts';
import type { Decision } from './decision.ts';
import type { FleetRun } from './fleet-run.ts';

/** One event of a run, with the virtual time at which it was recorded. */
export type HistoryEvent = EventData & { readonly at: Millis };

/** The data of an event, by kind. The interfaces in this file follow the order of the kinds. */
export type EventData =
  /** A step of the timeline begins. `step` is its index, from 0; `line` is its line in the YAML file, from 1. */
  | { readonly kind: 'step-started'; readonly step: number; readonly name: string; readonly line: number }
  | { readonly kind: 'step-ended'; readonly step: number }
  /** The virtual clock jumps to the next alarm, because every actor sleeps. */
  | { readonly kind: 'time-jumped'; readonly from: Millis; readonly to: Millis }
  /** An action of a party (an actor of the timeline), such as the manufacturer or an attacker. */
  | ({ readonly kind: 'deed' } & Action)
  /**
   * A station needs a network, because it needs data or a key that it does not have. The history records this event
   * even if the station has no network.
   */
  | { readonly kind: 'asked-afar'; readonly station: string; readonly what: string }
  | ({ readonly kind: 'secret' } & SecretChange)
  | ({ readonly kind: 'unit' } & Unit)
  | ({ readonly kind: 'line-ended' } & LineEnd)
  | ({ readonly kind: 'reconciled' } & Reconciliation)
  | ({ readonly kind: 'blast-radius' } & BlastRadius)
  | ({ readonly kind: 'drill' } & Drill)
  /** All devices of a simulated fleet made an attempt. */
  | ({ readonly kind: 'fleet' } & FleetRun)
  /** The cloud operator searches the service logs for signals. */
  | { readonly kind: 'signals'; readonly findings: readonly SignalFinding[] }
  /** A listener receives or sends a message. `from` and `to` name the client and the service. */
  | {
      readonly kind: 'wire';
      readonly door: Transport;
      readonly from: string;
      readonly to: string;
      readonly message: string;
    }
  | ({ readonly kind: 'client-hello' } & ClientOffer)
  | ({ readonly kind: 'service-record' } & ServiceRecord)
  | ({ readonly kind: 'decision' } & Decision)
  | ({ readonly kind: 'attempt-started' } & AttemptStart)
  | ({ readonly kind: 'attempt-ended'; readonly device: string; readonly registrationId: string } & AttemptEnd)
  | ({ readonly kind: 'quiet-visits' } & QuietVisits);

/** The actors of a timeline. */
export const parties = [
  'tpm-maker',
  'hsm-vendor',
  'third-party-pki',
  'manufacturer',
  'contract-manufacturer',
  'software-installer',
  'warehouse',
  'customer',
  'cloud-operator',
  'device',
  'attacker',
] as const;

export type Party = (typeof parties)[number];

/** An action of a party (an actor of the timeline), such as the manufacturer or an attacker. */
interface Action {
  readonly party: Party;
  /** Name of the station at which the party acts. Absent if the party does not act at a station. */
  readonly station?: string;
  /** Name of the device, fleet, group, CA or other object that the action concerns. */
  readonly subject: string;
  readonly sentence: string;
  /** The certificates that the action created. Absent if there are none. */
  readonly certificates?: readonly CertificateSpan[];
}

/** The purposes of secrets. A purpose decides which parties need to know the secret. */
export const secretSorts = [
  /** Private key of a device certificate. */
  'private-key',
  /** Key with which one device authenticates to DPS. */
  'symmetric-key',
  /** Key of an enrollment group. DPS derives the keys of the devices from this key. */
  'group-key',
  /** Symmetric key that many devices share. */
  'shared-key',
  'ca-key',
  /** Seed from which a TPM derives its endorsement key. */
  'tpm-seed',
  /** Key with which a device with a TPM authenticates to its hub. */
  'hub-key',
  /** Key of a shared access policy of DPS. */
  'access-key',
] as const;

/** A change of one location: it gets or loses a copy of a secret. */
export interface SecretChange {
  /** Name of the secret, such as `private key of sensor-3`. Equal names mean the same secret in every location. */
  readonly secret: string;
  readonly sort: (typeof secretSorts)[number];
  /** The party that controls the location. This party can read the secret unless the secret is sealed. */
  readonly party: Party;
  /** Name of the location: a station, a device, `DPS`, `CA factory-ca`, … */
  readonly place: string;
  /** True if the secret is in a component, such as an HSM, that uses the secret and never exports it. */
  readonly sealed?: true;
  readonly change: 'held' | 'dropped';
}

/** The outcomes of a unit that a production line started. `off-the-books`: built but not recorded. */
export const fates = ['shipped', 'unpacked', 'scrapped', 'rejected', 'off-the-books'] as const;

export type Fate = (typeof fates)[number];

/** The result of a production line for one unit. */
export interface Unit {
  readonly device: string;
  readonly fate: Fate;
  /** The failed check of the quality control that rejected the unit. */
  readonly check?: CheckId;
}

/** The summary of a production line when it stops. */
interface LineEnd {
  /** The device or fleet that the production line built. */
  readonly product: string;
  /** Names of stations, in the order in which units pass them. */
  readonly stations: readonly string[];
  /** Number of units in the order. */
  readonly ordered: number;
  readonly startedAt: Millis;
}

/** The differences between the records of the service and the audit trails. All members list registration IDs. */
export interface Reconciliation {
  /** Devices that are in an audit trail but in no production record: surplus units. */
  readonly overproduced: readonly string[];
  /** Devices that are enrolled or registered, but in no audit trail. */
  readonly unaudited: readonly string[];
  /** Devices that are enrolled or registered, although their board was scrapped or rejected. */
  readonly scrapped: readonly string[];
}

/**
 * The reach of one theft: the identities that the attacker tried with the stolen data (loot), and those that a hub
 * accepted.
 */
export interface BlastRadius {
  /** Name of the stolen data (loot) in the scenario. */
  readonly loot: string;
  /** Registration IDs that the attacker tried, in this order. */
  readonly tried: readonly string[];
  /**
   * Number of identities that the attacker could try. Larger than the length of `tried` if the attacker tried only a sample.
   */
  readonly candidates: number;
  /** Registration IDs from `tried` with which the attacker sent telemetry that a hub accepted. */
  readonly impersonated: readonly string[];
}

/** The effect of a defence, observed at regular intervals: the access that the attacker and the honest devices still have. */
export interface Drill {
  /** Name of the stolen data (loot) in the scenario. */
  readonly loot: string;
  /** Registration ID that the attacker uses. */
  readonly registrationId: string;
  /** ISO 8601 duration between two observations. `outOfDps` and `outOfHub` are multiples of this duration. */
  readonly every: string;
  /** ISO 8601 duration of the whole observation. */
  readonly watched: string;
  /** ISO 8601 duration from the defence to the first observation from which on DPS rejected the attacker every time, or `never`. */
  readonly outOfDps: string;
  /**
   * ISO 8601 duration from the defence until the hub rejected the old and the newly issued credentials of the attacker, or
   * `never`.
   */
  readonly outOfHub: string;
  /** Names of the honest devices that were observed. */
  readonly honest: readonly string[];
  /** Names of the honest devices that could not get into service at the last observation. */
  readonly hurt: readonly string[];
}

/** The value of `outOfDps` or `outOfHub` if the attacker kept its access until the end. */
export const never = 'never';

/** A signal that an analysis of the service logs found. */
export interface SignalFinding {
  /** ID of the signal. */
  readonly signal: string;
  /** The identity, address or key to which the finding applies. */
  readonly subject: string;
  readonly sentence: string;
  /** Evidence: indexes of `service-record` events in the history, from 0. */
  readonly events: readonly number[];
}

/** The transports of the device API. `-ws` is the same protocol inside a WebSocket, on the port of HTTPS. */
export const transports = ['mqtt', 'https', 'amqp', 'mqtt-ws', 'amqp-ws'] as const;

export type Transport = (typeof transports)[number];

/** The first message of a client in a TLS connection. At this time the service does not know the name of the client. */
export interface ClientOffer {
  readonly door: Transport;
  /** Network address of the client. */
  readonly from: string;
  /** Host that the client requests (SNI). Absent if the client sends no SNI. */
  readonly host?: string;
  /** First 16 hexadecimal digits of the SHA-256 of the offer without its host. Equal offers have equal digests. */
  readonly digest: string;
  /** The offer. Absent if an earlier event of the history has an offer with this digest. */
  readonly hello?: ClientHello;
}

/**
 * A line in the log of a service about one authentication. The operator of the service has no other information about the
 * client.
 */
export interface ServiceRecord {
  /** `dps`, or the host name of a hub. */
  readonly service: string;
  /** Registration ID, or at a hub the device ID, exactly as the client sent it. */
  readonly identity: string;
  /** Network address of the client. Absent if no connection caused the record. */
  readonly from?: string;
  /**
   * `attested`: the client passed attestation. `challenged`: the client received a TPM challenge. Otherwise the ID of
   * the check that failed.
   */
  readonly outcome: 'attested' | 'challenged' | CheckId;
  /** Expiry time in the token that the client sent. */
  readonly tokenExpiresAt?: Millis;
  /** SHA-256 (hex) of the endorsement key that the client sent. */
  readonly endorsementKey?: string;
}

export type Attestation = 'x509' | 'tpm' | 'symmetricKey';

/** The start of an attempt of a device to get into service. */
interface AttemptStart {
  readonly device: string;
  readonly registrationId: string;
  readonly attestation: Attestation;
  readonly transport: Transport;
  /** Present if an attacker makes the attempt instead of the device. */
  readonly by?: 'attacker';
  /** Network address of the client. Absent if the device has no separate address. */
  readonly from?: string;
  /** Time on the clock of the device. Absent if the clock shows the virtual time. */
  readonly clock?: Millis;
}

/** The end of an attempt to get into service, by the answers that the device received. */
export interface AttemptEnd {
  /** `assigned` only if the assigned hub accepted a telemetry message of the device. */
  readonly outcome: 'assigned' | 'refused' | 'failed';
  /** States where the attempt ended, and why. */
  readonly sentence: string;
  /** Host name of the hub that DPS named, even if that hub then refused the device. */
  readonly assignedHub?: string;
  readonly deviceId?: string;
  readonly substatus?: string;
  /** Error code of the service, such as 401002. */
  readonly errorCode?: number;
  /** Answer of the hub to the telemetry message. `none` if the device sent no message. */
  readonly telemetry: 'accepted' | 'refused' | 'none';
  /** Number of registration requests. The two requests of one TPM attestation count once. */
  readonly attempts: number;
}

/**
 * Simulated visits of a device to its hub, without a connection. The hub accepted the last visit over a connection.
 * After that visit, no fact changed that could change the decision of the hub, so the hub also accepted every simulated
 * visit.
 */
interface QuietVisits {
  readonly device: string;
  readonly registrationId: string;
  readonly attestation: Attestation;
  readonly transport: Transport;
  /** Network address of the device. Absent if the device has no separate address. */
  readonly from?: string;
  /** Host name of the hub. */
  readonly hub: string;
  readonly deviceId: string;
  /** Number of visits, 1 or more. */
  readonly visits: number;
  /** Instants of the first and of the last of these visits. */
  readonly first: Millis;
  readonly last: Millis;
  /** Expiry of the token of the last visit. Absent if the credential is a certificate. */
  readonly tokenExpiresAt?: Millis;
}

/** One row of the results: an attempt of a device, with the check that rejected it. */
export interface Registration extends AttemptEnd {
  readonly device: string;
  readonly registrationId: string;
  readonly attestation: Attestation;
  readonly transport: Transport;
  /** Instant at which the attempt ended, in ISO 8601. */
  readonly at: string;
  /** Duration of the attempt in virtual time, in ISO 8601. */
  readonly took: string;
  /** Name of the hub in the scenario. Absent if the scenario does not define the hub `assignedHub`. */
  readonly hub?: string;
  /** Number of attempts that the row stands for. Absent for one attempt. */
  readonly visits?: number;
  /** The check that rejected the attempt, and the service or device that made this check. */
  readonly check?: CheckId;
  readonly decidedBy?: Judge;
}
