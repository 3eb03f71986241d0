import type { Clock } from '../time/clock.ts';
import type { EntraRole } from '../wire/entra-roles.ts';
import type { AllocationPolicyName } from '../wire/enrollment.ts';
import type { CloudOperator } from './cloud-operator.ts';
import type { FaultControl } from './faults.ts';
import type { UpdateControl, UpdateScript } from './device-updates.ts';
import type { DirectAccess } from './direct-access.ts';
import type { FleetRules } from './fleet-rules.ts';
import type { FidelitySettings } from './fidelity.ts';
import type { History } from '../history/history.ts';
import type { Random } from '../random.ts';
import type { TlsProfileName } from '../wire/tls/tls-profiles.ts';
import type { PortByListener } from '../wire/listener-ports.ts';
import type { Durability } from './durability.ts';
import type { CloudSnapshot, SavedChange, StorePart } from './snapshot.ts';
import type { WireTap } from './wire-tap.ts';

/** The settings of a cloud. Clock, random source and history come from the world in which the cloud runs. */
export interface CloudSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly history: History;
  readonly idScope: string;
  /** The linked hubs. A host name, such as `name.azure-devices.net`, means a hub with default settings. */
  readonly hubs: readonly (string | LinkedHubSettings)[];
  /** The allocation policy for enrollments without their own policy. Default: `hashed`. */
  readonly allocationPolicy?: Exclude<AllocationPolicyName, 'custom'>;
  readonly fidelity: FidelitySettings;
  /** Value of Retry-After in an answer with status 202. The real service sends 3. */
  readonly retryAfterSeconds: number;
  /** Time that the assignment of a device to a hub lasts: milliseconds by `clock`. */
  readonly assignmentMs: number;
  /** Time from the 202 of a certificate request at a hub until the certificate is issued: milliseconds by `clock`. Default: 1000. */
  readonly issuanceMs?: number;
  /** Time from a synchronisation of the device registry until the hubs trust its CAs: milliseconds by `clock`. Default: 300000. */
  readonly credentialSyncMs?: number;
  /** Credential policies by name. Default: none. */
  readonly credentialPolicies?: Readonly<Record<string, CredentialPolicy>>;
  /**
   * Validity of every issued certificate in milliseconds, instead of the days of its policy. For labs whose clients run in real time, which
   * cannot wait for days. Default: none.
   */
  readonly issuedValidityMs?: number;
  /** The Entra ID directory whose tokens the service sides accept. Default: one application `owner` with every role. */
  readonly entra?: EntraSettings;
  /** The answers of the update service to devices. Default: no update account is linked. */
  readonly updates?: UpdateScript;
  /** Default: the quotas of the real service. */
  readonly quotas?: Partial<Quotas>;
  /** Address and ports of the listeners. Default: free ports on 127.0.0.1. */
  readonly listen?: ListenSettings;
  /** Snapshot of an earlier cloud, from which this cloud starts. Default: an empty cloud. */
  readonly saved?: CloudSnapshot;
  /** Changes that were made after the snapshot `saved`, in order. Default: none. */
  readonly changes?: readonly SavedChange[];
  /** If set, an answer is sent only after the changes of its request are durable. Default: answers are sent at once. */
  readonly durability?: Durability;
  /** Timeouts for slow clients. Default: the timeouts of the listeners. */
  readonly clientTimeouts?: Partial<ClientTimeouts>;
  /** Maximum number of sessions and links of an AMQP connection. Default: 2048, enough for about 300 devices. */
  readonly amqpEndpointLimit?: number;
  /** Function that is called with a sentence if the process lacks a resource, such as file descriptors. */
  readonly warn?: (sentence: string) => void;
  /** The TLS of the hosts: versions, suites and roots of a period of Azure. Default: the newest one, under one root without a public name. */
  readonly tlsProfile?: TlsProfileName;
  /** Names of the root CAs of the server certificates. The first root is used at the start. Default: one root, or those of `tlsProfile`. */
  readonly serverRoots?: readonly string[];
  /**
   * Additional DNS names and IP addresses of the server certificate, for clients that use other names than those of the real service.
   * Default: none.
   */
  readonly serverNames?: readonly string[];
  /** The certificate and key of the servers, instead of a certificate under `serverRoots`. Default: none. */
  readonly serverIdentity?: GivenServerIdentity;
  /** Observes the connections, and may change what goes over them. Default: none. */
  readonly tap?: WireTap;
  /** DPS instances of other tenants on the same endpoint. Default: none. */
  readonly otherTenants?: readonly TenantSettings[];
  /** Called for each telemetry message that a hub accepts over a connection. Default: nothing. */
  readonly onTelemetry?: (hub: string, deviceId: string) => void;
  /** True if this cloud is the DPS instance of another tenant. The history does not record its log. */
  readonly isOtherTenant?: boolean;
}

/** A certificate chain and a key for the servers. */
export interface GivenServerIdentity {
  /** The certificates that the servers send, in PEM, leaf first. */
  readonly chainPem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

/** The DPS instance of another tenant. */
export interface TenantSettings {
  /** Name in lower case. The host of the service API is `name.azure-devices-provisioning.net`. */
  readonly name: string;
  readonly idScope: string;
  /** Host names of the hubs of the tenant, such as `name.azure-devices.net`. */
  readonly hubs: readonly string[];
}

/** Timeouts in real milliseconds. A listener drops the connection of a client that exceeds one of them. */
export interface ClientTimeouts {
  /** Limit for the TLS handshake. */
  readonly handshakeMs: number;
  /** Limit for the first message of a client: the headers of an HTTP request, CONNECT of MQTT, or the open frame of AMQP. */
  readonly openingMs: number;
  /** Limit for a complete HTTP request. */
  readonly requestMs: number;
  /** Limit for the time during which a client does not read the data that the listener sends. */
  readonly unreadMs: number;
  /** Limit for the time until the next HTTP request on a persistent connection. 0 means no limit. */
  readonly idleMs: number;
  /** Limit for the time until the first successful authentication over MQTT, AMQP or a WebSocket. 0 means no limit. */
  readonly admissionMs: number;
}

/** The applications of the Entra ID directory, by name. */
export interface EntraSettings {
  readonly applications: Readonly<Record<string, EntraApplicationSettings>>;
}

interface EntraApplicationSettings {
  /** UUID. Default: a new one. */
  readonly clientId?: string;
  /** Default: a new one. */
  readonly clientSecret?: string;
  /** The roles that are assigned to the application. Default: all. */
  readonly roles?: readonly EntraRole[];
}

/** An application of the Entra ID directory. It gets tokens with its secret. */
export interface EntraApplication {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly roles: readonly EntraRole[];
}

/** The policy by which DPS issues certificates to devices that send a CSR. */
export interface CredentialPolicy {
  /** 1 to 90. */
  readonly validityDays: number;
  /** Name of the namespace, in the device registry, that contains the policy. Default: `rehearsal`. */
  readonly namespace?: string;
  /** Name of the CA that the policy belongs to. Default: the name of the policy. */
  readonly certificateAuthority?: string;
}

/** The quotas of the service. Requests above a quota get status 429. */
export interface Quotas {
  /** Number of registrations and status lookups per minute, of all devices together. */
  readonly registrationsPerMinute: number;
  /** Number of operations of the service API per minute, of all clients together. */
  readonly operationsPerMinute: number;
  /** Number of status polls per ten seconds, of each device. */
  readonly pollsPer10s: number;
}

/** The settings of a linked hub. */
export interface LinkedHubSettings {
  /** Host name, `name.azure-devices.net`. */
  readonly host: string;
  /** Weight in hashed allocation, 1 to 1000. Default: 1. */
  readonly weight?: number;
  /** Latency of the hub for the devices, in milliseconds. Default: higher than the latency of all other hubs. */
  readonly latencyMs?: number;
  /** True if an enrollment without a list of hubs can be assigned to this hub. Default: true. */
  readonly applyAllocationPolicy?: boolean;
  /** The built-in endpoint for telemetry. */
  readonly events?: EventHubSettings;
  /** True if devices cannot use their keys, as the property of the hub in the resource manager. Default: false. */
  readonly disableDeviceSAS?: boolean;
  /** True if modules cannot use their keys. Default: false. */
  readonly disableModuleSAS?: boolean;
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

/** A running provisioning service with its hubs. */
export interface Cloud {
  readonly idScope: string;
  /**
   * Ports of the listeners. DPS and all hubs share the ports; the TLS server name, the path and the user name tell which host a
   * client means. WebSockets use the port of HTTPS.
   */
  readonly ports: PortByListener;
  /** The first root CA of the server certificates, in DER. */
  readonly serverRoot: Buffer;
  /** The roots to which the hosts chain at the start, in DER: the first one, and further ones if a TLS profile has several. */
  readonly usedServerRoots: readonly Buffer[];
  /**
   * Every root CA of the server certificates in DER, by name. As real operators do, the cloud announces roots before it uses
   * them.
   */
  readonly serverRoots: ReadonlyMap<string, Buffer>;
  /** Host name of the service API, with the name and key of a shared access policy that has all rights. */
  readonly serviceAccess: ServiceAccess;
  /** Access of the other tenants to their service APIs, by ID scope. */
  readonly otherTenants: ReadonlyMap<string, ServiceAccess>;
  /** The Entra ID directory: the ID of the tenant, and its applications with their secrets. */
  readonly entra: { readonly tenantId: string; readonly applications: readonly EntraApplication[] };
  readonly operator: CloudOperator;
  /** Access to the service API of each hub, by host name. The keys are generated for this run. */
  readonly hubAccess: ReadonlyMap<string, HubAccess>;
  /** Connection strings with which Event Hubs clients read telemetry, by host name of the hub. */
  readonly eventHubConnectionStrings: ReadonlyMap<string, string>;
  /**
   * Path of the file-upload container of each hub, by host name. The path contains a SAS that permits to read and list the
   * container.
   */
  readonly uploadContainers: ReadonlyMap<string, string>;
  readonly faults: FaultControl;
  readonly updates: UpdateControl;
  /**
   * Offers a visit of a device to its hub without a connection. The hub judges the credential by the rules of a connection. Returns true if
   * it accepted the visit and its message, which the history does not record. Returns false, and changes nothing, in every other case.
   */
  visitHub(visit: HubVisitOffer): boolean;
  /** Calls of the services without connections. */
  readonly direct: DirectAccess;
  /** The decisions of the services as functions. */
  readonly fleetRules: FleetRules;
  /** Returns the state of the cloud. Pass it as `CloudSettings.saved` to a later cloud. The snapshot contains keys. */
  snapshot(): CloudSnapshot;
  /** The parts of a snapshot, by name. A caller can watch them and store each change separately. */
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
  /** Raw key of the policy, generated for each run. A connection string contains it in base64. */
  readonly key: Buffer;
}

/** A shared access policy of a hub with one of its keys (base64), as a connection string contains them. */
export interface HubAccess {
  readonly policyName: string;
  readonly key: string;
}

/** Starts a cloud. `mocks` implements this function; callers can pass another implementation. */
export type StartCloud = (settings: CloudSettings) => Promise<Cloud>;
