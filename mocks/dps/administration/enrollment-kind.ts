import type { Problem } from '../../../core/wire/problems.ts';
import type { Stored } from '../enrollments.ts';
import type { Read } from '../enrollment-json/read.ts';

/** The operations that the API has for individual enrollments and groups alike. */
export interface EnrollmentKind<Entry> {
  readonly itemType: 'enrollment' | 'enrollmentGroup';
  /** JSON field names of the ID and of a list. */
  readonly idWord: 'registrationId' | 'enrollmentGroupId';
  readonly listWord: 'enrollments' | 'enrollmentGroups';
  idOf(record: Entry): string;
  find(id: string): Stored<Entry> | undefined;
  list(): readonly Stored<Entry>[];
  put(record: Entry): Problem | undefined;
  delete(id: string): boolean;
  /** Reads JSON. Keys that an update omits come from `former`, if it is given. */
  read(json: unknown, former: Entry | undefined): Read<{ readonly record: Entry; readonly etag?: string }>;
  /** JSON with or without symmetric keys. */
  write(record: Stored<Entry>, withKeys: boolean): object;
  /** Fields that only a GET of a single record returns. */
  live(record: Stored<Entry>): object;
  /** JSON of the attestation with keys. */
  mechanism(record: Entry): object;
}
