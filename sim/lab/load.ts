import { dirname, resolve } from 'node:path';
import { parseCertificate } from '../../core/x509/certificate.ts';
import { derOfPem } from '../../core/x509/der/pem.ts';
import type { Millis } from '../../core/time/clock.ts';
import { readRegularFile } from '../processes/read-regular-file.ts';
import { checkDates } from '../scenario/mistakes/check-dates.ts';
import { checkDuplicates } from '../scenario/mistakes/check-duplicates.ts';
import { shown, tellIssue, withoutMisspelt, type Told } from '../scenario/mistakes/issue-sentence.ts';
import { checkCircles, namesIn } from '../scenario/read-head.ts';
import { checkReferences } from '../scenario/mistakes/references.ts';
import type { Mistake } from '../scenario/scenario.ts';
import { YamlSource, type Path } from '../scenario/yaml-source.ts';
import { labSchema, type LabHead } from './schema.ts';

/** A lab file, checked, with the certificates that it points at. */
export interface Lab extends LabHead {
  /** DER by the path that the file gives. */
  readonly certificates: ReadonlyMap<string, Buffer>;
}

/**
 * Reads a lab file: what to serve, or every mistake in it, each with its place.
 *
 * @param now when the certificates of its CAs will be made.
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
  const parsed = labSchema.safeParse(written);
  const certificates = new Map<string, Buffer>();
  const told: Told[] = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => tellIssue(issue, labSchema, written, 'a lab'))),
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

/** Puts the certificates that enrollments name into `found`; tells of those that are none. */
function readCertificates(
  file: string,
  written: Readonly<Record<string, unknown>>,
  found: Map<string, Buffer>,
): readonly Told[] {
  const { enrollments } = written;
  if (!isMap(enrollments)) return [];
  return Object.entries(enrollments).flatMap(([id, enrollment]) => {
    const x509 = isMap(enrollment) ? enrollment['x509'] : undefined;
    if (!isMap(x509)) return [];
    return ['certificate', 'secondary'].flatMap((word): Told[] => {
      const path = x509[word];
      if (typeof path !== 'string') return [];
      const read = readCertificate(resolve(dirname(file), path));
      if (typeof read !== 'string') found.set(path, read);
      const at: Path = ['enrollments', id, 'x509', word];
      return typeof read === 'string' ? [{ path: at, message: `${path} ${read}` }] : [];
    });
  });
}

/** DER of the first certificate in a PEM file, or what is wrong with it. */
function readCertificate(path: string): Buffer | string {
  let text: string;
  try {
    text = readRegularFile(path, { limit: certificateLimit }).toString();
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing ? 'is not there' : `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const der = derOfPem(text);
  if (der === undefined) return 'holds no certificate in PEM';
  const read = parseCertificate(der);
  return read.ok ? der : `holds a certificate that cannot be read: ${read.problem}`;
}

/** Bytes of a PEM file with a certificate and what may stand around it. */
const certificateLimit = 1024 ** 2;

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
