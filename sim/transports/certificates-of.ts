import { derOfPem, pemBlocks } from '../../core/x509/der/pem.ts';
import type { ClientIdentity } from './peer.ts';

/** Returns the certificates that a client sends in a handshake: DER, leaf first. Empty if the client has no identity. */
export function certificatesOf(identity: ClientIdentity | undefined): readonly Buffer[] {
  return pemBlocks(identity?.chainPem ?? '').flatMap((block) => derOfPem(block) ?? []);
}
