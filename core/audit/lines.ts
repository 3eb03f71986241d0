import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Name of the file format, in the first line of each trail file. A later format gets another name. */
export const auditFormat = 'rehearsal-audit-1';

const link = {
  /** Position of the line in the file, from 0. */
  number: z.int().min(0),
  /** SHA-256 (hex) of the previous line. */
  previous: z.string(),
};

const header = z.strictObject({
  kind: z.literal('header'),
  format: z.literal(auditFormat),
  number: z.literal(0),
  station: z.string(),
  party: z.string(),
  /** Ed25519 public key of the secure room in the factory, as SPKI in PEM. */
  publicKey: z.string(),
});

const entry = z.strictObject({
  kind: z.literal('entry'),
  ...link,
  /** Time of the entry by the clock of the factory station, in ISO 8601. */
  at: z.string(),
  party: z.string(),
  station: z.string(),
  device: z.string(),
  registrationId: z.string(),
  /** Hash of the identity of the device (see `identityOf`). The trail has only the hash, because it must not reveal identities. */
  identity: z.string(),
});

const signed = {
  ...link,
  /** Number of the shift, from 1. */
  shift: z.int().min(1),
  /** Number of entries before this line. */
  entries: z.int().min(0),
  /** Base64 signature of the canonical JSON of the line without the member `signature`. */
  signature: z.string().refine((text) => Buffer.from(text, 'base64').toString('base64') === text),
};

const shiftEnd = z.strictObject({ kind: z.literal('shift'), ...signed });
/** The last line. A trail file without this line is truncated. */
const end = z.strictObject({ kind: z.literal('end'), ...signed });

export const auditLine = z.discriminatedUnion('kind', [header, entry, shiftEnd, end]);

export type AuditEntry = z.output<typeof entry>;
export type AuditSignature = z.output<typeof shiftEnd> | z.output<typeof end>;
export type AuditLine = z.output<typeof auditLine>;

/** Returns the SHA-256 (hex) of a line. The next line stores this hash in `previous`. */
export function lineHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
