import type { Millis } from '../../core/time/clock.ts';
import type { Random } from '../../core/random.ts';
import {
  toStoredCertificate,
  fromStoredCertificate,
  type StoredCertificate,
} from '../../core/x509/stored-certificate.ts';
import type { Minted } from '../../core/x509/mint/mint.ts';
import { mintAuthorities, type Authority } from '../../sim/pki/authority.ts';
import { mintWithOpenKey } from '../../sim/pki/mint-with-open-key.ts';
import type { Lab } from '../../sim/lab/load.ts';
import type { LabFolder } from './lab-folder.ts';

/** The keys of a lab's CAs are files, for openssl and for the next start. */
type LabAuthority = Authority<Minted>;

/** The CAs of a lab: those that were kept, and new ones for what is new in the file. */
export function labAuthorities(
  specs: Lab['pki'],
  kept: Readonly<Record<string, StoredCertificate>>,
  now: Millis,
  random: Random,
): Promise<ReadonlyMap<string, LabAuthority>> {
  const known = new Map(Object.entries(kept).map(([name, one]) => [name, fromStoredCertificate(one)]));
  return mintAuthorities(specs, now, random, mintWithOpenKey, known);
}

export function keptAuthorities(
  authorities: ReadonlyMap<string, LabAuthority>,
): Readonly<Record<string, StoredCertificate>> {
  return Object.fromEntries([...authorities].map(([name, { minted }]) => [name, toStoredCertificate(minted)]));
}

/**
 * Writes certificate, chain and key of each CA, so that devices can be given certificates with openssl.
 *
 * @returns paths of the key files by name of the CA.
 */
export function writeAuthorities(
  authorities: ReadonlyMap<string, LabAuthority>,
  folder: LabFolder,
): ReadonlyMap<string, string> {
  return new Map(
    [...authorities].map(([name, { minted, intermediates }]) => {
      const base = `pki/${encodeURIComponent(name)}`;
      folder.write(`${base}.pem`, minted.pem);
      // What a device sends behind its own certificate: up to the root, which is left out.
      folder.write(`${base}-chain.pem`, intermediates.map(({ pem }) => pem).join(''));
      return [name, folder.write(`${base}-key.pem`, minted.privateKeyPem)];
    }),
  );
}
