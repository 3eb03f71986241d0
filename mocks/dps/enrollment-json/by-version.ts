import { succeeded } from '../../../core/result.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { EnrollmentKind } from '../administration/enrollment-kind.ts';
import { unread } from './read.ts';

const credentialPolicyVersions = ['2025-07-01-preview', '2026-04-01'];
const certificatePolicyVersions = ['2026-11-01', '2026-11-02-preview'];

/**
 * The fields of an enrollment that only some API versions have, with these versions. All other fields exist in every version.
 */
const versionedWords: Readonly<Record<string, readonly string[]>> = {
  credentialPolicyName: credentialPolicyVersions,
  namespaceName: certificatePolicyVersions,
  certificateAuthorityName: certificatePolicyVersions,
  certificatePolicyName: certificatePolicyVersions,
};

/** The fields that together name a certificate policy. */
const certificatePolicyWords: readonly string[] = [
  'namespaceName',
  'certificateAuthorityName',
  'certificatePolicyName',
];

/**
 * Returns the API operations in the form of one API version: fields that this version lacks are neither read nor written. The
 * switch `newerWordsInOlderVersion` decides whether an update keeps or drops the values of such fields.
 */
export function byVersion<Entry extends object>(
  kind: EnrollmentKind<Entry>,
  apiVersion: string,
  { newerWordsInOlderVersion, partialCertificatePolicy }: FidelitySettings,
): EnrollmentKind<Entry> {
  const unknown = Object.entries(versionedWords).flatMap(([word, versions]) =>
    versions.includes(apiVersion) ? [] : [word],
  );
  const without = (json: object): object =>
    Object.fromEntries(Object.entries(json).filter(([word]) => !unknown.includes(word)));
  return {
    ...kind,
    read: (json, former) => {
      const read = kind.read(typeof json === 'object' && json !== null ? without(json) : json, former);
      if (!read.ok) return read;
      const absent = certificatePolicyWords.filter((word) => !(word in read.value.record));
      if (partialCertificatePolicy === 'refuse' && absent.length > 0 && absent.length < certificatePolicyWords.length)
        return unread(
          `${absent.join(' and ')}: missing; expected all of ${certificatePolicyWords.join(', ')}, or none of them`,
        );
      if (newerWordsInOlderVersion === 'drop') return read;
      const stored: object = kind.find(kind.idOf(read.value.record)) ?? {};
      const retained = Object.fromEntries(Object.entries(stored).filter(([word]) => unknown.includes(word)));
      return succeeded({ ...read.value, record: { ...read.value.record, ...retained } });
    },
    write: (record, withKeys) => without(kind.write(record, withKeys)),
  };
}
