/** The credentials with which a hub authenticates a device. Thumbprints are SHA-256 or SHA-1 in hex; keys are raw bytes. */
export type IdentityAuthentication =
  | { readonly type: 'selfSigned'; readonly primaryThumbprint: string; readonly secondaryThumbprint?: string }
  /**
   * Authentication by a certificate from a CA that the owner of the hub added. The common name of the certificate is the device
   * ID.
   */
  | { readonly type: 'certificateAuthority' }
  | { readonly type: 'sas'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };
