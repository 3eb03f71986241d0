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

/** What a cloud needs to start; all of it belongs to one world. */
export interface CloudSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly history: History;
  readonly idScope: string;
  /** The linked hubs; a bare host name, `name.azure-devices.net`, is a hub with all settings as they are by default. */
  readonly hubs: readonly (string | LinkedHubSettings)[];
  /** How a hub is chosen where an enrollment does not say it; `hashed` where absent. */
  readonly allocationPolicy?: Exclude<AllocationPolicyName, 'custom'>;
  readonly fidelity: FidelitySettings;
  /** What a 202 asks the device to wait; 3 on the real service. */
  readonly retryAfterSeconds: number;
  /** How long an assignment takes, in milliseconds by `clock`. */
  readonly assignmentMs: number;
  /** By name; none where absent. */
  readonly credentialPolicies?: Readonly<Record<string, CredentialPolicy>>;
  /** Instead of those of the real service. */
  readonly quotas?: Partial<Quotas>;
  /** Where to listen; free ports on 127.0.0.1 where absent. */
  readonly listen?: ListenSettings;
  /** What an earlier cloud remembered. */
  readonly saved?: CloudSnapshot;
  /** What changed after `saved` was made, in order. Default: nothing. */
  readonly changes?: readonly SavedChange[];
  /** What answers wait for. Default: for nothing. */
  readonly durability?: Durability;
  /** Instead of what the doors have of their own. */
  readonly clientTimeouts?: Partial<ClientTimeouts>;
  /** Sessions and links that one AMQP connection may have together. Default: 2048, enough for about 300 devices that share it. */
  readonly amqpEndpointLimit?: number;
  /** Told in a sentence of what the process runs short of, such as file descriptors. Default: nobody is told. */
  readonly warn?: (sentence: string) => void;
  /** Names of the roots that the servers may stand under, in use from the first on; one where absent. */
  readonly serverRoots?: readonly string[];
  /**
   * DNS names and IP addresses that the server certificate has beside those of the real service, for clients that reach it by
   * another name. Default: none.
   */
  readonly serverNames?: readonly string[];
  /** Services of other customers behind the same endpoint; none where absent. */
  readonly otherTenants?: readonly TenantSettings[];
  /** Whether this is the service of another customer: what it logs is not for our eyes. */
  readonly isOtherTenant?: boolean;
}

/** A provisioning service that somebody else runs. */
export interface TenantSettings {
  /** In lower case; its service API has the host `name.azure-devices-provisioning.net`. */
  readonly name: string;
  readonly idScope: string;
  /** Host names of its hubs, `name.azure-devices.net`. */
  readonly hubs: readonly string[];
}

/** How long a client may keep a door waiting, in real milliseconds, before its connection is dropped. */
export interface ClientTimeouts {
  /** For the TLS handshake. */
  readonly handshakeMs: number;
  /** For what opens a conversation: the headers of a request, CONNECT of MQTT, the open frame of AMQP. */
  readonly openingMs: number;
  /** For the whole of an HTTP request. */
  readonly requestMs: number;
  /** For reading what it is sent. */
  readonly unreadMs: number;
  /** For the next HTTP request on a connection that it keeps; 0 for ever. */
  readonly idleMs: number;
  /** For its first successful authentication over MQTT, AMQP or a WebSocket; 0 for ever. */
  readonly admissionMs: number;
}

/** How certificates are issued to devices that send a CSR. */
export interface CredentialPolicy {
  /** From 1 to 90. */
  readonly validityDays: number;
}

/** How much is taken before 429 is the answer. */
export interface Quotas {
  /** Registrations and status lookups, of all devices together. */
  readonly registrationsPerMinute: number;
  /** Operations of the service API, all together. */
  readonly operationsPerMinute: number;
  /** Questions after operations, of each device by itself. */
  readonly pollsPer10s: number;
}

/** A hub as the service sees it. */
export interface LinkedHubSettings {
  /** Host name, `name.azure-devices.net`. */
  readonly host: string;
  /** Share of the devices that a hash gives it, 1 to 1000; 1 where absent. */
  readonly weight?: number;
  /** How far it is from where the devices reach the service, in milliseconds; farther than all others where absent. */
  readonly latencyMs?: number;
  /** Whether enrollments that name no hubs may choose it; true where absent. */
  readonly applyAllocationPolicy?: boolean;
  /** How telemetry is kept for the service side. */
  readonly events?: EventHubSettings;
}

/** The built-in endpoint of a hub, at which the service side reads telemetry. */
export interface EventHubSettings {
  /** 1 if omitted. */
  readonly partitions?: number | undefined;
  /** Beside `$Default`. */
  readonly consumerGroups?: readonly string[] | undefined;
}

/** An address and the ports on it; 0 for a free one. */
export interface ListenSettings extends PortByListener {
  readonly host: string;
}

/** A provisioning service and its hubs, reachable on loopback unless it was told to listen elsewhere. */
export interface Cloud {
  readonly idScope: string;
  /**
   * Ports at the address it listens on; the hosts that a client asks for are told apart by TLS server name, path and user
   * name. WebSockets come in by the port of HTTPS.
   */
  readonly ports: PortByListener;
  /** DER of the root under which the servers' certificates stand at first. */
  readonly serverRoot: Buffer;
  /** DER of every root that the servers may stand under, by name; owners announce roots long before they use them. */
  readonly serverRoots: ReadonlyMap<string, Buffer>;
  /** Host name of the service API, and a shared access policy that may do everything there. */
  readonly serviceAccess: ServiceAccess;
  /** By ID scope: how other customers call the service API of theirs. */
  readonly otherTenants: ReadonlyMap<string, ServiceAccess>;
  readonly operator: CloudOperator;
  /** By host: how the owner of a hub calls its service side. Minted for this run. */
  readonly hubAccess: ReadonlyMap<string, HubAccess>;
  /** By host of the hub: how its owner reads telemetry with an Event Hubs client, as a connection string. */
  readonly eventHubConnectionStrings: ReadonlyMap<string, string>;
  /** By host: the path of the container that devices of a hub upload files to, with a signature that reads and lists it. */
  readonly uploadContainers: ReadonlyMap<string, string>;
  readonly faults: FaultControl;
  /** All that is worth durability of it, for `CloudSettings.saved`. Holds keys. */
  snapshot(): CloudSnapshot;
  /** What is in a snapshot, by part, so that changes can be kept one by one. */
  readonly parts: ReadonlyMap<string, StorePart>;
  close(): Promise<void>;
}

/** What a client of the service API needs to sign its tokens. */
interface ServiceAccess {
  readonly host: string;
  readonly policyName: string;
  /** Fresh in every run; base64 of it stands in a connection string. */
  readonly key: Buffer;
}

/** A shared access policy of a hub and one of its keys, in base64, as they stand in a connection string. */
export interface HubAccess {
  readonly policyName: string;
  readonly key: string;
}

/** Starts a cloud; `mocks` offers one, and whoever has another may pass it in its place. */
export type StartCloud = (settings: CloudSettings) => Promise<Cloud>;
