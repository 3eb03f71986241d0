import type { Clock } from '../time/clock.ts';
import type { AllocationPolicyName } from '../wire/enrollment.ts';
import type { CloudOperator } from './cloud-operator.ts';
import type { FaultControl } from './faults.ts';
import type { FidelitySettings } from './fidelity.ts';
import type { History } from '../history/history.ts';
import type { Random } from '../random.ts';
import type { PortByListener } from '../wire/listener-ports.ts';
import type { Durability } from './durability.ts';
import type { CloudSnapshot, SavedChange, StorePart } from './snapshot.ts';

/** The settings of a cloud. Clock, random and history belong to its world. */
export interface CloudSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly history: History;
  readonly idScope: string;
  /** The linked hubs. A host name, `name.azure-devices.net`, is a hub with default settings. */
  readonly hubs: readonly (string | LinkedHubSettings)[];
  /** The allocation policy of enrollments that have none. Default: `hashed`. */
  readonly allocationPolicy?: Exclude<AllocationPolicyName, 'custom'>;
  readonly fidelity: FidelitySettings;
  /** Retry-After of a 202. The real service sends 3. */
  readonly retryAfterSeconds: number;
  /** Duration of an assignment in milliseconds by `clock`. */
  readonly assignmentMs: number;
  /** Credential policies by name. Default: none. */
  readonly credentialPolicies?: Readonly<Record<string, CredentialPolicy>>;
  /** Default: the quotas of the real service. */
  readonly quotas?: Partial<Quotas>;
  /** Default: free ports on 127.0.0.1. */
  readonly listen?: ListenSettings;
  /** Snapshot of an earlier cloud. */
  readonly saved?: CloudSnapshot;
  /** Changes after `saved`, in order. Default: none. */
  readonly changes?: readonly SavedChange[];
  /** Answers wait until their changes are durable. Default: answers do not wait. */
  readonly durability?: Durability;
  /** Default: the timeouts of the listeners. */
  readonly clientTimeouts?: Partial<ClientTimeouts>;
  /** Maximum number of sessions and links of an AMQP connection. Default: 2048, enough for about 300 devices. */
  readonly amqpEndpointLimit?: number;
  /** Is called with a sentence if the process lacks a resource, such as file descriptors. */
  readonly warn?: (sentence: string) => void;
  /** Names of the roots of the server certificates. The servers start with the first one. Default: one root. */
  readonly serverRoots?: readonly string[];
  /**
   * Additional DNS names and IP addresses of the server certificate, for clients that use other names than those of the real service.
   * Default: none.
   */
  readonly serverNames?: readonly string[];
  /** DPS instances of other tenants on the same endpoint. Default: none. */
  readonly otherTenants?: readonly TenantSettings[];
  /** True for the DPS instance of another tenant, whose log is not recorded in the history. */
  readonly isOtherTenant?: boolean;
}

/** The DPS instance of another tenant. */
export interface TenantSettings {
  /** In lower case. The host of its service API is `name.azure-devices-provisioning.net`. */
  readonly name: string;
  readonly idScope: string;
  /** Host names of its hubs, `name.azure-devices.net`. */
  readonly hubs: readonly string[];
}

/** The times in real milliseconds after which a listener drops the connection of a slow client. */
export interface ClientTimeouts {
  /** For the TLS handshake. */
  readonly handshakeMs: number;
  /** For the first message: the headers of an HTTP request, CONNECT of MQTT, the open frame of AMQP. */
  readonly openingMs: number;
  /** For a complete HTTP request. */
  readonly requestMs: number;
  /** For a client that does not read its data. */
  readonly unreadMs: number;
  /** For the next HTTP request on a persistent connection. 0 means no limit. */
  readonly idleMs: number;
  /** For the first successful authentication over MQTT, AMQP or a WebSocket. 0 means no limit. */
  readonly admissionMs: number;
}

/** The policy for certificates that DPS issues to devices with a CSR. */
export interface CredentialPolicy {
  /** 1 to 90. */
  readonly validityDays: number;
}

/** The quotas after which the service answers 429. */
export interface Quotas {
  /** Registrations and status lookups of all devices together. */
  readonly registrationsPerMinute: number;
  /** All operations of the service API together. */
  readonly operationsPerMinute: number;
  /** Status polls of each device. */
  readonly pollsPer10s: number;
}

/** The settings of a linked hub. */
export interface LinkedHubSettings {
  /** Host name, `name.azure-devices.net`. */
  readonly host: string;
  /** Weight in hashed allocation, 1 to 1000. Default: 1. */
  readonly weight?: number;
  /** Latency for the devices in milliseconds. Default: higher than that of all other hubs. */
  readonly latencyMs?: number;
  /** True if enrollments that name no hubs can choose this hub. Default: true. */
  readonly applyAllocationPolicy?: boolean;
  /** The built-in endpoint for telemetry. */
  readonly events?: EventHubSettings;
}

/** The settings of the built-in endpoint of a hub, from which back ends read telemetry. */
export interface EventHubSettings {
  /** Default: 1. */
  readonly partitions?: number | undefined;
  /** Consumer groups in addition to `$Default`. */
  readonly consumerGroups?: readonly string[] | undefined;
}

/** An address and its ports. Port 0 means a free port. */
export interface ListenSettings extends PortByListener {
  readonly host: string;
}

/** A running provisioning service with its hubs. Default address: loopback. */
export interface Cloud {
  readonly idScope: string;
  /**
   * Ports of the listeners. All hosts share them; TLS server name, path and user name distinguish the hosts. WebSockets use the port
   * of HTTPS.
   */
  readonly ports: PortByListener;
  /** DER of the first root of the server certificates. */
  readonly serverRoot: Buffer;
  /** DER of every root of the server certificates, by name. Real operators announce roots long before they use them. */
  readonly serverRoots: ReadonlyMap<string, Buffer>;
  /** Host name of the service API, and a shared access policy with all rights. */
  readonly serviceAccess: ServiceAccess;
  /** Access of the other tenants to their service APIs, by ID scope. */
  readonly otherTenants: ReadonlyMap<string, ServiceAccess>;
  readonly operator: CloudOperator;
  /** Access to the service API of each hub, by host name. The keys are generated for this run. */
  readonly hubAccess: ReadonlyMap<string, HubAccess>;
  /** Connection strings for Event Hubs clients that read telemetry, by host name of the hub. */
  readonly eventHubConnectionStrings: ReadonlyMap<string, string>;
  /** Path of the file-upload container of each hub, by host name, with a SAS that permits to read and list it. */
  readonly uploadContainers: ReadonlyMap<string, string>;
  readonly faults: FaultControl;
  /**
   * Offers a visit of a device to its hub without a connection. The hub judges the credential by the rules of a connection. Returns true if
   * it accepted the visit and its message, which the history does not record. Returns false, and changes nothing, in every other case.
   */
  visitHub(visit: HubVisitOffer): boolean;
  /** Returns the state of the cloud, for `CloudSettings.saved`. It contains keys. */
  snapshot(): CloudSnapshot;
  /** The parts of a snapshot, so that changes can be stored one by one. */
  readonly parts: ReadonlyMap<string, StorePart>;
  close(): Promise<void>;
}

/** The parts of a visit to a hub: the credential of the device, and one message. */
interface HubVisitOffer {
  /** Host name of the hub. */
  readonly hub: string;
  readonly deviceId: string;
  /** Network address of the device; undefined if it has no separate one. */
  readonly from: string | undefined;
  /** DER, leaf first, of a device whose key has signed a handshake with them before. Empty if it has none. */
  readonly certificates: readonly Buffer[];
  /** A shared access signature. */
  readonly token: string | undefined;
  readonly text: string;
}

/** The credentials of a client of the service API. */
interface ServiceAccess {
  readonly host: string;
  readonly policyName: string;
  /** Generated for each run. A connection string has it in base64. */
  readonly key: Buffer;
}

/** A shared access policy of a hub and one of its keys (base64), as in a connection string. */
export interface HubAccess {
  readonly policyName: string;
  readonly key: string;
}

/** Starts a cloud. `mocks` has an implementation, and callers can pass another one. */
export type StartCloud = (settings: CloudSettings) => Promise<Cloud>;
