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

/** A CA whose key can be exported to a file, for openssl and for the next start. */
type LabAuthority = Authority<Minted>;

/** Returns the CAs of a lab: the saved CAs, and a new CA for each name that is new in the lab file. */
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
 * Writes certificate, chain and key of each CA, so that openssl can issue certificates for devices.
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
      // The certificates that a device sends after its own: the chain without the root.
      folder.write(`${base}-chain.pem`, intermediates.map(({ pem }) => pem).join(''));
      return [name, folder.write(`${base}-key.pem`, minted.privateKeyPem)];
    }),
  );
}
