import { checkFound } from './check-found.ts';
import { failedWith, succeeded } from '../../../core/result.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { invalid, problems, type Problem } from '../../../core/wire/problems.ts';
import { registrationKey } from '../../../core/wire/registration-id.ts';
import type { Stored } from '../enrollments.ts';
import type { EnrollmentKind } from './enrollment-kind.ts';
import { page } from './pages.ts';
import { checkETag } from './precondition.ts';
import { noContent, replied, type Reply } from './reply.ts';
import type { AdminRequest } from './request.ts';

/** Creates the enrollment with this ID, or replaces it if If-Match permits the replacement. */
export function putEnrollment<Entry>(
  kind: EnrollmentKind<Entry>,
  id: string,
  { json, ifMatch, trace }: AdminRequest,
  fidelity: FidelitySettings,
): Reply {
  const former = kind.find(id);
  const conflict = checkETag(ifMatch, former?.etag, trace);
  if (conflict !== undefined) return failedWith(conflict);
  const overwrites = former !== undefined && ifMatch === undefined;
  if (
    overwrites &&
    fidelity.putWithoutETag === 'conflict' &&
    !trace.check(
      'resource-absent',
      false,
      'either no enrollment with that ID, or the header If-Match in the request',
      kind.idOf(former),
    )
  ) {
    return failedWith(problems.enrollmentExists);
  }
  const problem = store(kind, id, json, former, fidelity, trace);
  if (problem !== undefined) return failedWith(problem);
  const stored = kind.find(id);
  return stored === undefined
    ? failedWith(problems.internal)
    : succeeded({ status: 200, body: kind.write(stored, true), secret: true });
}

export function getEnrollment<Entry>(kind: EnrollmentKind<Entry>, id: string, { trace }: AdminRequest): Reply {
  const stored = kind.find(id);
  if (!checkFound(stored, id, trace) || !stored) {
    return failedWith(problems.enrollmentNotFound);
  }
  return replied({ ...kind.write(stored, false), ...kind.live(stored) });
}

/** Returns the attestation with its keys; no other request returns the keys of an existing enrollment. */
export function getAttestationMechanism<Entry>(
  kind: EnrollmentKind<Entry>,
  id: string,
  { trace }: AdminRequest,
): Reply {
  const stored = kind.find(id);
  if (!checkFound(stored, id, trace) || !stored) {
    return failedWith(problems.enrollmentNotFound);
  }
  return succeeded({ status: 200, body: kind.mechanism(stored), secret: true });
}

export function deleteEnrollment<Entry>(
  kind: EnrollmentKind<Entry>,
  id: string,
  { ifMatch, trace }: AdminRequest,
): Reply {
  const stored = kind.find(id);
  if (!checkFound(stored, id, trace)) {
    return failedWith(problems.enrollmentNotFound);
  }
  const conflict = checkETag(ifMatch, stored?.etag, trace);
  if (conflict !== undefined) return failedWith(conflict);
  kind.delete(id);
  return noContent;
}

/** Lists enrollments without keys, page by page. */
export function queryEnrollments<Entry>(kind: EnrollmentKind<Entry>, request: AdminRequest): Reply {
  return page<Stored<Entry>>(
    {
      itemType: kind.itemType,
      items: kind.list(),
      idOf: (entry) => kind.idOf(entry),
      write: (entry) => kind.write(entry, false),
    },
    request,
    true,
  );
}

/**
 * Reads one enrollment from JSON and stores it. Returns the problem if the service refuses the enrollment.
 *
 * @param former the enrollment to replace.
 */
export function store<Entry>(
  kind: EnrollmentKind<Entry>,
  id: string,
  json: unknown,
  former: Entry | undefined,
  fidelity: FidelitySettings,
  trace: AdminRequest['trace'],
): Problem | undefined {
  const read = kind.read(json, fidelity.omittedKeys === 'keep' ? former : undefined);
  const problem = !read.ok
    ? read.failure
    : registrationKey(kind.idOf(read.value.record)) === registrationKey(id)
      ? kind.put(read.value.record)
      : invalid(`${kind.idWord}: expected ${id}, the ID in the path, found ${kind.idOf(read.value.record)}`);
  trace.check('request-well-formed', problem === undefined, 'an enrollment', problem?.message ?? 'one');
  return problem;
}
