import { checkFound } from './check-found.ts';
import { failedWith } from '../../../core/result.ts';
import { problems } from '../../../core/wire/problems.ts';
import { registrationKey } from '../../../core/wire/registration-id.ts';
import { operationBody, type RegistrationRecord, type Registrations, type UnassignedRecord } from '../registrations.ts';
import { page } from './pages.ts';
import { checkETag } from './precondition.ts';
import { noContent, replied, type Reply } from './reply.ts';
import type { AdminRequest } from './request.ts';

export function getRegistration(registrations: Registrations, id: string, { trace }: AdminRequest): Reply {
  const record = registrations.latest(id);
  checkFound(record, id, trace);
  return record === undefined ? failedWith(problems.notFound) : replied(operationBody.state(record));
}

/** Deletes the registration of a device. The identity of the device at the hub stays. */
export function deleteRegistration(registrations: Registrations, id: string, { ifMatch, trace }: AdminRequest): Reply {
  const record = registrations.latest(id);
  if (!checkFound(record, id, trace)) {
    return failedWith(problems.notFound);
  }
  const conflict = checkETag(ifMatch, record?.etag, trace);
  if (conflict !== undefined) return failedWith(conflict);
  registrations.delete(id);
  return noContent;
}

/** Lists the registrations of a group's devices. Registrations remain when an operator deletes their group. */
export function queryRegistrations(registrations: Registrations, groupId: string, request: AdminRequest): Reply {
  const items = registrations
    .listLatest()
    .filter(({ enrollmentGroupId }) => enrollmentGroupId !== undefined && isSame(enrollmentGroupId, groupId));
  const listed = {
    itemType: 'deviceRegistration',
    items,
    idOf: ({ registrationId }: { readonly registrationId: string }) => registrationId,
    write: (record: RegistrationRecord | UnassignedRecord) => operationBody.state(record),
  } as const;
  return page(listed, request, false);
}

function isSame(one: string, other: string): boolean {
  return registrationKey(one) === registrationKey(other);
}
