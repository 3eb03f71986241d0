import { succeeded } from '../../../core/result.ts';
import { issuingApiVersions } from '../../../core/wire/dps-wire.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { EnrollmentKind } from '../administration/enrollment-kind.ts';

/** Fields of an enrollment that only some API versions have, with those versions. Every version has all other fields. */
const versionedWords: Readonly<Record<string, readonly string[]>> = { credentialPolicyName: issuingApiVersions };

/**
 * Returns the API operations as one API version has them: fields of other versions are neither read nor written. An update with
 * a version that lacks a field keeps or drops its value: see the switch `newerWordsInOlderVersion`.
 */
export function byVersion<Entry extends object>(
  kind: EnrollmentKind<Entry>,
  apiVersion: string,
  { newerWordsInOlderVersion }: FidelitySettings,
): EnrollmentKind<Entry> {
  const unknown = Object.entries(versionedWords).flatMap(([word, versions]) =>
    versions.includes(apiVersion) ? [] : [word],
  );
  if (unknown.length === 0) return kind;
  const without = (json: object): object =>
    Object.fromEntries(Object.entries(json).filter(([word]) => !unknown.includes(word)));
  return {
    ...kind,
    read: (json, former) => {
      const read = kind.read(typeof json === 'object' && json !== null ? without(json) : json, former);
      if (!read.ok || newerWordsInOlderVersion === 'drop') return read;
      const stored: object = kind.find(kind.idOf(read.value.record)) ?? {};
      const retained = Object.fromEntries(Object.entries(stored).filter(([word]) => unknown.includes(word)));
      return succeeded({ ...read.value, record: { ...read.value.record, ...retained } });
    },
    write: (record, withKeys) => without(kind.write(record, withKeys)),
  };
}
