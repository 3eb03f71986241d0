import type { AttemptEnd, Attestation, Transport } from '../../core/history/events.ts';
import type { WireAnswer } from '../transports/dps-connection.ts';
import type { Credential } from './loot.ts';

/** Actions that are possible with a network alone. They know no more of DPS than a device does. */
export interface Wires {
  /** The ID scope, which every firmware contains. */
  readonly idScope: string;
  /** Host of the service API. */
  readonly serviceHost: string;
  /** The service API of another tenant that the attacker owns; undefined if there is none of that name. */
  ownService(name: string): OwnService | undefined;
  /** Registers as devices do, connects to the assigned hub and sends a message: one attempt in the history. */
  register(claim: Claim): Promise<AttemptEnd>;
  /** Connects to a hub without registering and sends a message: one attempt in the history. */
  connect(claim: Claim, at: { readonly hub: string; readonly deviceId: string }): Promise<AttemptEnd>;
  /** Records an attempt that `work` makes with `request`. The result of `work` is its end. */
  attempt(
    claim: Omit<Claim, 'credential'>,
    attestation: Attestation,
    work: () => Promise<AttemptEnd>,
  ): Promise<AttemptEnd>;
  /** Sends one request over HTTPS to a host of the cloud. Rejects with a sentence if there is no answer. */
  request(request: WireRequest): Promise<WireAnswer>;
  /** Opens an MQTT connection and closes it at once. Returns the CONNACK return code; undefined if there is none. */
  logIn(login: WireLogin): Promise<number | undefined>;
  /** Requests a certificate over EST from the vendor that runs a CA; undefined if no vendor runs it. */
  askVendor(ca: string, csr: string, client: VendorClient): Promise<VendorAnswer> | undefined;
  /** Returns the host name of the endpoint for devices, of the service API, or of a hub by its name. */
  hostOf(place: string): string;
  /** Answers for a host in the network of the devices from now on. Connections of the attacker still reach the real host. */
  answerFor(host: string, server: FalseServer): Promise<void>;
}

/** The host of a service API and the key of a policy with all rights. */
export interface OwnService {
  readonly host: string;
  readonly policy: string;
  readonly key: Buffer;
}

/** A server of the attacker. It reads the token of each client and rejects the client. */
export interface FalseServer {
  /** Server certificate in PEM, for HTTPS. Default: MQTT without TLS on port 1883. */
  readonly identity?: { readonly chainPem: string; readonly keyPem: string };
  /** Receives the token of each client. */
  readonly hear: (token: string) => void;
}

/** The identity that an attacker claims, with a credential for it. */
export interface Claim {
  /** The name in the history, such as `attacker as sensor-2`. */
  readonly name: string;
  readonly registrationId: string;
  readonly credential: Credential;
  /** Default: `mqtt`, and `https` for a TPM. */
  readonly transport?: Transport;
}

/** A request as curl sends it. */
export interface WireRequest {
  readonly host: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Value of the Authorization header. */
  readonly token?: string;
  /** Value of the If-Match header. */
  readonly ifMatch?: string;
}

/** The parts of an MQTT CONNECT. */
export interface WireLogin {
  readonly host: string;
  readonly clientId: string;
  readonly userName: string;
  readonly password?: string;
}

/** The credential for a vendor: the password of a station, or a certificate (DER) that the vendor issued. */
export type VendorClient =
  | { readonly kind: 'station'; readonly authorization: string }
  | { readonly kind: 'device'; readonly certificate: Buffer };

/** The answer of a vendor: a sentence, and the certificates (DER, leaf first) if it issued one. */
export interface VendorAnswer {
  readonly sentence: string;
  readonly certificates?: readonly Buffer[];
}
