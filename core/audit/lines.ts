import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Marks the file, so that a later form of it can be told from this one. */
export const auditFormat = 'rehearsal-audit-1';

const link = {
  /** Place in the file, from 0. */
  number: z.int().min(0),
  /** SHA-256 of the line before, in hex. */
  previous: z.string(),
};

const header = z.strictObject({
  kind: z.literal('header'),
  format: z.literal(auditFormat),
  number: z.literal(0),
  station: z.string(),
  party: z.string(),
  /** SPKI in PEM; Ed25519. */
  publicKey: z.string(),
});

const entry = z.strictObject({
  kind: z.literal('entry'),
  ...link,
  /** ISO 8601, by the clock of the station. */
  at: z.string(),
  party: z.string(),
  station: z.string(),
  device: z.string(),
  registrationId: z.string(),
  /** What tells the identity from all others without giving it away: see `identityOf`. */
  identity: z.string(),
});

const signed = {
  ...link,
  /** From 1. */
  shift: z.int().min(1),
  /** Entries of the file until here. */
  entries: z.int().min(0),
  /** Base64, over the canonical JSON of the line without this word. */
  signature: z.string().refine((text) => Buffer.from(text, 'base64').toString('base64') === text),
};

const shiftEnd = z.strictObject({ kind: z.literal('shift'), ...signed });
/** The last line: without it the tail is missing. */
const end = z.strictObject({ kind: z.literal('end'), ...signed });

export const auditLine = z.discriminatedUnion('kind', [header, entry, shiftEnd, end]);

export type AuditEntry = z.output<typeof entry>;
export type AuditSignature = z.output<typeof shiftEnd> | z.output<typeof end>;
export type AuditLine = z.output<typeof auditLine>;

/** How a line is named by the one that follows it. */
export function lineHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
