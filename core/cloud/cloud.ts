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

/**
 * The settings of a cloud. Its clock, random source and history are those of the lab or scenario in which the cloud
 * runs.
 */
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
  /** Duration of the assignment of a device to a hub, in milliseconds by `clock`. */
  readonly assignmentMs: number;
  /**
   * Time between the answer 202 of a hub to a certificate request and the issuance of the certificate, in milliseconds
   * by `clock`. Default: 1000.
   */
  readonly issuanceMs?: number;
  /**
   * Time between a synchronisation of the device registry and the instant from which the hubs trust its CAs, in
   * milliseconds by `clock`. Default: 300000.
   */
  readonly credentialSyncMs?: number;
  /** Credential policies by name. Default: none. */
  readonly credentialPolicies?: Readonly<Record<string, CredentialPolicy>>;
  /**
   * Validity of every issued certificate in milliseconds. Default: the validity of the policy, in days. A lab can set
   * this value, because its clients run in real time and cannot wait for days.
   */
  readonly issuedValidityMs?: number;
  /**
   * The Entra ID directory whose tokens the service APIs accept. Default: a directory with one application, `owner`,
   * which has every role.
   */
  readonly entra?: EntraSettings;
  /** The answers of the update service to devices. Default: DPS has no linked update account. */
  readonly updates?: UpdateScript;
  /** Quotas that replace those of the real service. Default: the quotas of the real service. */
  readonly quotas?: Partial<Quotas>;
  /** Address and ports of the listeners. Default: free ports on 127.0.0.1. */
  readonly listen?: ListenSettings;
  /** Snapshot of an earlier cloud, from which this cloud starts. Default: an empty cloud. */
  readonly saved?: CloudSnapshot;
  /** Changes that were made after the snapshot `saved`, in order. Default: none. */
  readonly changes?: readonly SavedChange[];
  /**
   * Delays each answer until the changes of its request are stored durably. Default: the listeners send answers at
   * once.
   */
  readonly durability?: Durability;
  /** Timeouts for slow clients. Default: the timeouts of the listeners. */
  readonly clientTimeouts?: Partial<ClientTimeouts>;
  /** Maximum number of sessions and links of an AMQP connection. Default: 2048, enough for about 300 devices. */
  readonly amqpEndpointLimit?: number;
  /** The cloud calls this function with a sentence if the process lacks a resource, such as file descriptors. */
  readonly warn?: (sentence: string) => void;
  /**
   * Period of Azure whose TLS versions, cipher suites and root CAs the hosts have. Default: the versions and suites of
   * the newest period, and one generated root CA.
   */
  readonly tlsProfile?: TlsProfileName;
  /**
   * Names of the root CAs of the server certificates. The cloud starts with the first one. Default: the roots of
   * `tlsProfile`, or one root if `tlsProfile` is omitted.
   */
  readonly serverRoots?: readonly string[];
  /**
   * Additional DNS names and IP addresses of the server certificate, for clients that use other names than those of the real service.
   * Default: none.
   */
  readonly serverNames?: readonly string[];
  /**
   * Certificate and key of the servers. If given, the servers do not use `serverRoots`. Default: the cloud generates
   * them.
   */
  readonly serverIdentity?: GivenServerIdentity;
  /** Observes the connections, and may change the messages on them. Default: no tap. */
  readonly tap?: WireTap;
  /** DPS instances of other tenants on the same endpoint. Default: none. */
  readonly otherTenants?: readonly TenantSettings[];
  /**
   * The cloud calls this function for each telemetry message that a hub accepts over a connection. Default: no call.
   */
  readonly onTelemetry?: (hub: string, deviceId: string) => void;
  /** True if this cloud is the DPS instance of another tenant. The history does not record the log of such a cloud. */
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

/** Timeouts in real milliseconds. A listener drops the connection of a client that exceeds one of these timeouts. */
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
  /** UUID of the application. Default: a random UUID. */
  readonly clientId?: string;
  /** Secret with which the application gets tokens. Default: a random secret. */
  readonly clientSecret?: string;
  /** The Azure roles of the application. Default: all. */
  readonly roles?: readonly EntraRole[];
}

/** An application of the Entra ID directory. The application gets tokens with its secret. */
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
  /**
   * True if the hub refuses tokens that devices sign with their keys. The hub resource in Azure Resource Manager has a
   * property of this name. Default: false.
   */
  readonly disableDeviceSAS?: boolean;
  /** True if the hub refuses tokens that modules sign with their keys. Default: false. */
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
   * Ports of the listeners. DPS and all hubs share the ports; the TLS server name, the path and the user name select
   * the host. WebSockets use the port of HTTPS.
   */
  readonly ports: PortByListener;
  /** The first root CA of the server certificates, in DER. */
  readonly serverRoot: Buffer;
  /**
   * The root CAs of the server certificates at the start, or since the last `changeTls`, in DER. A TLS profile can have
   * several root CAs.
   */
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
  /** Access to the service API of each hub, by host name. Each run generates new keys. */
  readonly hubAccess: ReadonlyMap<string, HubAccess>;
  /** Connection strings with which Event Hubs clients read telemetry, by host name of the hub. */
  readonly eventHubConnectionStrings: ReadonlyMap<string, string>;
  /**
   * Path of the file-upload container of each hub, by host name. The path contains a SAS with which a client can read
   * and list the container.
   */
  readonly uploadContainers: ReadonlyMap<string, string>;
  readonly faults: FaultControl;
  readonly updates: UpdateControl;
  /**
   * Simulates one connection of a device to its hub, with one message, without a socket. The hub checks the credential
   * by the rules of a real connection. Returns true if the hub accepted the connection and the message; the history
   * does not record them. Otherwise returns false and changes nothing.
   */
  visitHub(visit: HubVisitOffer): boolean;
  /** Calls the services without connections. */
  readonly direct: DirectAccess;
  /** The decisions of the services as functions, for simulated fleets. */
  readonly fleetRules: FleetRules;
  /** Returns the state of the cloud. Pass it as `CloudSettings.saved` to a later cloud. The snapshot contains keys. */
  snapshot(): CloudSnapshot;
  /** The parts of a snapshot, by name. A caller can watch the parts and store each change separately. */
  readonly parts: ReadonlyMap<string, StorePart>;
  close(): Promise<void>;
}

/** A simulated connection of a device to its hub: the credential of the device, and one message. */
interface HubVisitOffer {
  /** Host name of the hub. */
  readonly hub: string;
  readonly deviceId: string;
  /** Network address of the device; undefined if the device has no simulated address. */
  readonly from: string | undefined;
  /**
   * Certificates of the device in DER, leaf first; empty if the device has none. In an earlier TLS handshake, the
   * device proved that it has the private key of the leaf.
   */
  readonly certificates: readonly Buffer[];
  /** Shared access signature of the device; undefined if the device authenticates with certificates. */
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
