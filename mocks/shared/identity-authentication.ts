/** The credentials by which a hub authenticates a device. Thumbprints are SHA-256 or SHA-1 in hex; keys are raw bytes. */
export type IdentityAuthentication =
  | { readonly type: 'selfSigned'; readonly primaryThumbprint: string; readonly secondaryThumbprint?: string }
  /** By a CA that the hub's owner has added; the common name of the subject is the device ID. */
  | { readonly type: 'certificateAuthority' }
  | { readonly type: 'sas'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };
