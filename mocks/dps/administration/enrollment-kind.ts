import type { Problem } from '../../../core/wire/problems.ts';
import type { Stored } from '../enrollments.ts';
import type { Read } from '../enrollment-json/read.ts';

/** What the API does alike for individual enrollments and for groups. */
export interface EnrollmentKind<Entry> {
  readonly itemType: 'enrollment' | 'enrollmentGroup';
  /** Words for the ID and for a list in JSON. */
  readonly idWord: 'registrationId' | 'enrollmentGroupId';
  readonly listWord: 'enrollments' | 'enrollmentGroups';
  idOf(record: Entry): string;
  find(id: string): Stored<Entry> | undefined;
  list(): readonly Stored<Entry>[];
  put(record: Entry): Problem | undefined;
  delete(id: string): boolean;
  /** Reads JSON; keys that an update is silent about come from `former`, where it is given. */
  read(json: unknown, former: Entry | undefined): Read<{ readonly record: Entry; readonly etag?: string }>;
  /** JSON with or without symmetric keys. */
  write(record: Stored<Entry>, withKeys: boolean): object;
  /** What a GET of one record tells beside that. */
  live(record: Stored<Entry>): object;
  /** JSON of the attestation with keys. */
  mechanism(record: Entry): object;
}
