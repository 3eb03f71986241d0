import type { Problem } from '../../../core/wire/problems.ts';
import type { Stored } from '../enrollments.ts';
import type { Read } from '../enrollment-json/read.ts';

/** The operations of the API that exist both for individual enrollments and for groups. */
export interface EnrollmentKind<Entry> {
  readonly itemType: 'enrollment' | 'enrollmentGroup';
  /** Names of the JSON fields for the ID and for a list of enrollments. */
  readonly idWord: 'registrationId' | 'enrollmentGroupId';
  readonly listWord: 'enrollments' | 'enrollmentGroups';
  idOf(record: Entry): string;
  find(id: string): Stored<Entry> | undefined;
  list(): readonly Stored<Entry>[];
  put(record: Entry): Problem | undefined;
  delete(id: string): boolean;
  /** Reads an enrollment from JSON. If an update omits a key, the key of `former` stays. */
  read(json: unknown, former: Entry | undefined): Read<{ readonly record: Entry; readonly etag?: string }>;
  /** Returns the JSON of an enrollment, with or without its symmetric keys. */
  write(record: Stored<Entry>, withKeys: boolean): object;
  /** Returns the fields that only a GET of a single enrollment contains. */
  live(record: Stored<Entry>): object;
  /** Returns the JSON of the attestation, with its keys. */
  mechanism(record: Entry): object;
}
