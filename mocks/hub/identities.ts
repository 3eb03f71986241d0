/** How a hub recognises a device. Thumbprints are SHA-256, hex, upper case; keys are raw bytes. */
export type IdentityAuthentication =
  | { readonly type: 'selfSigned'; readonly primaryThumbprint: string }
  | { readonly type: 'sas'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };

/** A device in the registry of a hub. */
export interface Identity {
  readonly deviceId: string;
  readonly status: 'enabled' | 'disabled';
  readonly authentication: IdentityAuthentication;
  readonly capabilities: { readonly iotEdge: boolean };
}

/** The identity registry of one hub. Device IDs are told apart with case. */
export class Identities {
  readonly #identities = new Map<string, Identity>();

  put(identity: Identity): void {
    this.#identities.set(identity.deviceId, identity);
  }

  find(deviceId: string): Identity | undefined {
    return this.#identities.get(deviceId);
  }

  delete(deviceId: string): boolean {
    return this.#identities.delete(deviceId);
  }
}
