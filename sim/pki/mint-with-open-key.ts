import { mintCertificate, type Minted, type MintOrder } from '../../core/x509/mint/mint.ts';
import { generateKeyPair, type KeyKind } from '../../core/x509/mint/key-pair.ts';

/** Makes a CA key that the program can read, unlike a key in a TPM or an HSM. Mints the certificate of the CA for this key. */
export async function mintWithOpenKey(_name: string, kind: KeyKind, order: Omit<MintOrder, 'keys'>): Promise<Minted> {
  return mintCertificate({ ...order, keys: await generateKeyPair(kind) });
}
