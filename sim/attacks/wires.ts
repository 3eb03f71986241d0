import type { Attestation, AttemptEnd, Transport } from '../../core/attempt.ts';
import type { WireAnswer } from '../transports/dps-connection.ts';
import type { Credential } from './loot.ts';

/** What everybody can do who has a network. Nothing here knows more of the service than a device does. */
export interface Wires {
  /** As it stands in every firmware and on every label. */
  readonly idScope: string;
  /** Host of the service API. */
  readonly serviceHost: string;
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
}
