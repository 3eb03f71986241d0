import { dpsToken } from './credentials.ts';
import { idScope } from './open-cloud.ts';
import type { SoftTpm } from './soft-tpm.ts';

/** The interface of a SASL mechanism in rhea. */
type Done = (error: undefined, response: Buffer) => void;

/**
 * Creates the client's part of TPM attestation over SASL. It builds each response octet by octet. @param seen collects the received
 * challenges.
 */
export function tpmHalf(id: string, tpm: SoftTpm, seen: Buffer[] = [], tokenOf = (key: Buffer) => dpsToken(key, id)) {
  const parts: Buffer[] = [];
  return {
    start: (done: Done) => done(undefined, Buffer.concat([Buffer.from(`\0${idScope}\0${id}\0`), tpm.endorsementKey])),
    step: (challenge: Buffer, done: Done) => {
      seen.push(challenge);
      if (challenge.length === 1) return done(undefined, Buffer.concat([Buffer.alloc(1), tpm.storageRootKey]));
      parts.push(challenge.subarray(1));
      if ((challenge[0] ?? 0) < 0xc0) return done(undefined, Buffer.alloc(1));
      const key = tpm.unwrap(Buffer.concat(parts).toString('base64'));
      return done(undefined, Buffer.from(`\0${tokenOf(key)}`));
    },
  };
}
