import { dirname, resolve } from 'node:path';
import { parseCertificate } from '../../core/x509/certificate.ts';
import { derOfPem, pemBlocks } from '../../core/x509/der/pem.ts';
import { failed, succeeded, type Result } from '../../core/result.ts';
import type { Millis } from '../../core/time/clock.ts';
import { readRegularFile } from '../processes/read-regular-file.ts';
import { checkDates } from '../scenario/mistakes/check-dates.ts';
import { checkDuplicates } from '../scenario/mistakes/check-duplicates.ts';
import { shown, mistakesOfIssue, withoutMisspelt, type FoundMistake } from '../scenario/mistakes/issue-sentence.ts';
import { checkCircles } from '../scenario/mistakes/check-head.ts';
import { namesIn } from '../scenario/names-in.ts';
import { scenarioInsteadOfLab } from '../scenario/mistakes/other-kind.ts';
import { checkReferences } from '../scenario/mistakes/references.ts';
import type { Mistake } from '../scenario/mistakes/mistake.ts';
import { YamlSource, type Path } from '../scenario/yaml-source.ts';
import { labSchema, type LabHead } from './schema.ts';

/** A valid lab file and the certificates that its enrollments name. */
export interface Lab extends LabHead {
  /** Certificates in DER, by their path as the file writes it. */
  readonly certificates: ReadonlyMap<string, Buffer>;
}

/**
 * Reads a lab file. Returns the lab, or every mistake in the file with its line and column.
 * @param now time at which the lab will issue the certificates of its CAs.
 */
export function loadLab(
  file: string,
  text: string,
  now: Millis,
): { readonly ok: true; readonly lab: Lab } | { readonly ok: false; readonly mistakes: readonly Mistake[] } {
  const source = new YamlSource(file, text);
  const broken = source.mistakes();
  if (broken.length > 0) return { ok: false, mistakes: broken };
  const read = source.value();
  if (!read.ok) return { ok: false, mistakes: [read.mistake] };
  const written = read.value ?? {};
  if (!isMap(written)) {
    return {
      ok: false,
      mistakes: [source.mistakeAt([], `expected words such as cloud and pki, found ${shown(written)}`)],
    };
  }
  const scenario = scenarioInsteadOfLab(written);
  if (scenario !== undefined) {
    return { ok: false, mistakes: [source.mistakeAtKey([], scenario.key, scenario.message)] };
  }
  const parsed = labSchema.safeParse(written);
  const certificates = new Map<string, Buffer>();
  const told: FoundMistake[] = [
    ...(parsed.success
      ? []
      : parsed.error.issues.flatMap((issue) => mistakesOfIssue(issue, labSchema, written, 'a lab'))),
    ...checkCircles(written),
    ...checkDates(labSchema, written, now),
    ...checkDuplicates(labSchema, written),
    ...checkReferences(labSchema, written, namesIn(written), () => {}),
    ...readCertificates(file, written, certificates),
  ];
  if (parsed.success && told.length === 0) return { ok: true, lab: { ...parsed.data, certificates } };
  const mistakes = withoutMisspelt(told).map(({ path, key, message }) =>
    key === undefined ? source.mistakeAt(path, message) : source.mistakeAtKey(path, key, message),
  );
  return { ok: false, mistakes: mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

/** Reads the certificate files that the enrollments name, adds the certificates to `found`, and returns the mistakes. */
function readCertificates(
  file: string,
  written: Readonly<Record<string, unknown>>,
  found: Map<string, Buffer>,
): readonly FoundMistake[] {
  const { enrollments } = written;
  if (!isMap(enrollments)) return [];
  return Object.entries(enrollments).flatMap(([id, enrollment]) => {
    const x509 = isMap(enrollment) ? enrollment['x509'] : undefined;
    if (!isMap(x509)) return [];
    return ['certificate', 'secondary'].flatMap((word): FoundMistake[] => {
      const path = x509[word];
      if (typeof path !== 'string') return [];
      const read = readCertificate(resolve(dirname(file), path));
      if (read.ok) found.set(path, read.value);
      const at: Path = ['enrollments', id, 'x509', word];
      return read.ok ? [] : [{ path: at, message: `${path} ${read.failure.sentence}` }];
    });
  });
}

/** Returns the first certificate in a file, in DER. The file has PEM or one certificate in DER. */
function readCertificate(path: string): Result<Buffer> {
  let bytes: Buffer;
  try {
    bytes = readRegularFile(path, { limit: certificateLimit });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const message = error instanceof Error ? error.message : String(error);
    return failed('unreadable', isMissing ? 'does not exist' : `cannot be read: ${message}`);
  }
  const text = bytes.toString();
  const der = derOfPem(text);
  const read = parseCertificate(der ?? bytes);
  if (!read.ok)
    return failed('malformed', `cannot be used: ${read.failure.sentence}; expected a certificate in PEM or DER`);
  const issued = pemBlocks(text)
    .flatMap((block) => {
      const other = parseCertificate(block);
      return other.ok ? [other.value] : [];
    })
    .find((other) => other.issuerName.key === read.value.subjectName.key && other !== read.value);
  if (issued !== undefined) {
    return failed(
      'wrong-order',
      `begins with ${read.value.subject}, which is the issuer of ${issued.subject} in the same file; put the certificate of the device first`,
    );
  }
  return succeeded(read.value.der);
}

/** Size limit of a PEM file, in bytes. A file can have text around its certificate. */
const certificateLimit = 1024 ** 2;

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
