import type { AttemptEnd, Attestation, Transport } from '../../core/history/events.ts';
import type { WireAnswer } from '../transports/dps-connection.ts';
import type { Credential } from './loot.ts';

/** Network actions of an attacker, who knows no more about DPS than a device does. */
export interface Wires {
  /** The ID scope, which every firmware image contains. */
  readonly idScope: string;
  /** Host of the service API. */
  readonly serviceHost: string;
  /** Returns the service API of a tenant that the attacker owns; undefined if the scenario has no tenant with this name. */
  ownService(name: string): OwnService | undefined;
  /** Registers as a device does, connects to the assigned hub and sends a message. Records all of this as one attempt. */
  register(claim: Claim): Promise<AttemptEnd>;
  /** Connects to a hub without a registration and sends a message. Records this as one attempt. */
  connect(claim: Claim, at: { readonly hub: string; readonly deviceId: string }): Promise<AttemptEnd>;
  /** Runs `work` and records it as one attempt. The result of `work` becomes the outcome of the attempt. */
  attempt(
    claim: Omit<Claim, 'credential'>,
    attestation: Attestation,
    work: () => Promise<AttemptEnd>,
  ): Promise<AttemptEnd>;
  /** Sends one HTTPS request to a host of the simulated cloud. Rejects with a sentence if no response arrives. */
  request(request: WireRequest): Promise<WireAnswer>;
  /** Opens an MQTT connection and closes it at once. Returns the CONNACK return code; undefined if no CONNACK arrives. */
  logIn(login: WireLogin): Promise<number | undefined>;
  /** Requests a certificate over EST from the vendor that operates a CA; undefined if no vendor operates this CA. */
  askVendor(ca: string, csr: string, client: VendorClient): Promise<VendorAnswer> | undefined;
  /** Returns a host name. `place` is `devices` (DPS device endpoint), `service` (service API) or the name of a hub. */
  hostOf(place: string): string;
  /** From now on, devices that call `host` reach `server` instead. Connections of the attacker still reach the real host. */
  answerFor(host: string, server: FalseServer): Promise<void>;
}

/** A DPS tenant of the attacker: the host of its service API, and a policy key with all rights. */
export interface OwnService {
  readonly host: string;
  readonly policy: string;
  readonly key: Buffer;
}

/** A rogue server of the attacker. It reads the token of each client and then rejects the client. */
export interface FalseServer {
  /** Server certificate and key in PEM, for HTTPS. If omitted, the server speaks MQTT without TLS on port 1883. */
  readonly identity?: { readonly chainPem: string; readonly keyPem: string };
  /** Receives the token of each client. */
  readonly hear: (token: string) => void;
}

/** The identity that an attacker claims, with a credential for it. */
export interface Claim {
  /** Name of the attempt in the history, such as `attacker as sensor-2`. */
  readonly name: string;
  readonly registrationId: string;
  readonly credential: Credential;
  /** Default: `https` for a TPM, `mqtt` for every other credential. */
  readonly transport?: Transport;
}

/** An HTTPS request with freely chosen parts. */
export interface WireRequest {
  readonly host: string;
  readonly method: string;
  /** Path of the request with its query string. */
  readonly path: string;
  readonly body?: unknown;
  /** Value of the Authorization header. */
  readonly token?: string;
  /** Value of the If-Match header. */
  readonly ifMatch?: string;
}

/** The fields of an MQTT CONNECT packet. */
export interface WireLogin {
  readonly host: string;
  readonly clientId: string;
  readonly userName: string;
  /** True if the connection has no TLS. */
  readonly isPlain: boolean;
  readonly password?: string;
}

/** The credential with which a client logs in to a vendor: the password of a factory station, or a certificate (DER) from the vendor. */
export type VendorClient =
  | { readonly kind: 'station'; readonly authorization: string }
  | { readonly kind: 'device'; readonly certificate: Buffer };

/** The response of a vendor: a sentence that describes it, and the certificates (DER, leaf first) if the vendor issued a certificate. */
export interface VendorAnswer {
  readonly sentence: string;
  readonly certificates?: readonly Buffer[];
}
