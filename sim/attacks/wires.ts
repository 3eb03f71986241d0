import type { AttemptEnd, Attestation, Transport } from '../../core/history/events.ts';
import type { WireAnswer } from '../transports/dps-connection.ts';
import type { Credential } from './loot.ts';

/** What everybody can do who has a network. Nothing here knows more of the service than a device does. */
export interface Wires {
  /** As it stands in every firmware and on every label. */
  readonly idScope: string;
  /** Host of the service API. */
  readonly serviceHost: string;
  /** The service API of a stranger, for its owner: he is one. undefined where there is none of that name. */
  ownService(name: string): OwnService | undefined;
  /** Registers as devices do, goes to the hub that was named and sends a message: one attempt in the history. */
  register(claim: Claim): Promise<AttemptEnd>;
  /** Goes to a hub without registering, and sends a message: one attempt in the history. */
  connect(claim: Claim, at: { readonly hub: string; readonly deviceId: string }): Promise<AttemptEnd>;
  /** An attempt that is made otherwise, by `request`; what `work` returns is its end. */
  attempt(
    claim: Omit<Claim, 'credential'>,
    attestation: Attestation,
    work: () => Promise<AttemptEnd>,
  ): Promise<AttemptEnd>;
  /** One request over HTTPS to a host of the service; rejects with a sentence where no answer comes. */
  request(request: WireRequest): Promise<WireAnswer>;
  /** A connection over MQTT that is closed at once. Returns the CONNACK return code; undefined where none came. */
  logIn(login: WireLogin): Promise<number | undefined>;
  /** Asks the vendor that runs a CA for a certificate over EST; undefined where no vendor runs it. */
  askVendor(ca: string, csr: string, client: VendorClient): Promise<VendorAnswer> | undefined;
  /** Host name of what is meant: the endpoint for devices, the service API, or a hub by its name. */
  hostOf(place: string): string;
  /** In the network of the devices, who calls that host reaches `server` from now on. His own calls go where they did. */
  answerFor(host: string, server: FalseServer): Promise<void>;
}

/** Host of a service API and the key of a policy that may do everything there. */
export interface OwnService {
  readonly host: string;
  readonly policy: string;
  readonly key: Buffer;
}

/** A server of his own. It hears who calls, and turns everybody away. */
export interface FalseServer {
  /** PEM, for HTTPS; MQTT without TLS on port 1883 where absent. */
  readonly identity?: { readonly chainPem: string; readonly keyPem: string };
  /** Called with each token that somebody shows. */
  readonly hear: (token: string) => void;
}

/** Whom somebody says that he is. */
export interface Claim {
  /** What the history calls him, such as `attacker as sensor-2`. */
  readonly name: string;
  readonly registrationId: string;
  readonly credential: Credential;
  /** `mqtt` where absent, and HTTPS for a TPM. */
  readonly transport?: Transport;
}

/** A request as curl sends it. */
export interface WireRequest {
  readonly host: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Becomes the Authorization header. */
  readonly token?: string;
  /** Becomes the header If-Match, as it is. */
  readonly ifMatch?: string;
}

/** The parts of an MQTT CONNECT. */
export interface WireLogin {
  readonly host: string;
  readonly clientId: string;
  readonly userName: string;
  readonly password?: string;
}

/** By what somebody wants to be known to a vendor: the password of a station, or a certificate (DER) that it issued. */
export type VendorClient =
  | { readonly kind: 'station'; readonly authorization: string }
  | { readonly kind: 'device'; readonly certificate: Buffer };

/** DER, leaf first, where there is a certificate; a sentence in any case. */
export interface VendorAnswer {
  readonly sentence: string;
  readonly certificates?: readonly Buffer[];
}
