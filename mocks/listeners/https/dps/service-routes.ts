import type { AccessRight } from '../../../../core/wire/access-right.ts';
import type { CloudSettings } from '../../../../core/cloud/cloud.ts';
import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import { problems, type Problem } from '../../../../core/wire/problems.ts';
import { bulk } from '../../../dps/administration/bulk.ts';
import { caCertificateRequests } from '../../../dps/administration/ca-certificates.ts';
import {
  deleteRegistration,
  getRegistration,
  queryRegistrations,
} from '../../../dps/administration/device-registrations.ts';
import type { EnrollmentKind } from '../../../dps/administration/enrollment-kind.ts';
import type { Operation } from '../../../dps/administration/operation.ts';
import { byVersion } from '../../../dps/enrollment-json/by-version.ts';
import { groupKind } from '../../../dps/administration/group-kind.ts';
import { individualKind } from '../../../dps/administration/individual-kind.ts';
import {
  deleteEnrollment,
  getAttestationMechanism,
  getEnrollment,
  putEnrollment,
  queryEnrollments,
} from '../../../dps/administration/enrollments.ts';
import type { Reply } from '../../../dps/administration/reply.ts';
import type { AdminRequest } from '../../../dps/administration/request.ts';
import type { ProvisioningService } from '../../../dps/service.ts';
import type { HttpRequest } from '../http-api.ts';

type Found = Result<Operation, Problem>;

/** Returns a function that finds the operation of a request. Upper and lower case in the path do not differ. */
export function serviceRoutes(
  service: ProvisioningService,
  { fidelity }: CloudSettings,
): (request: HttpRequest) => Found {
  const hubs = service.linkedHubs.all.map(({ host }) => host);
  const individuals = individualKind(service.enrollments, service.registrations, hubs);
  const groups = groupKind(service.enrollments, hubs);
  return ({ method, path, query }) => {
    const [resource = '', ...rest] = path;
    const apiVersion = query.get('api-version') ?? '';
    switch (resource.toLowerCase()) {
      case 'enrollments':
        return enrollmentRoute(byVersion(individuals, apiVersion, fidelity), method, rest, fidelity);
      case 'enrollmentgroups':
        return enrollmentRoute(byVersion(groups, apiVersion, fidelity), method, rest, fidelity);
      case 'registrations':
        return registrationRoute(service, method, rest);
      default:
        return certificateRoute(service, method, path);
    }
  };
}

function enrollmentRoute<Entry>(
  kind: EnrollmentKind<Entry>,
  method: string,
  [id = '', verb, ...more]: readonly string[],
  fidelity: CloudSettings['fidelity'],
): Found {
  const subject = `${kind.itemType} ${id}`;
  const of = (right: AccessRight, body: Operation['body'], about: string, run: Operation['run']): Found =>
    succeeded({
      right,
      subject: id === '' ? kind.listWord : subject,
      about,
      body,
      run,
    });
  if (more.length > 0) return failedWith(problems.noSuchPath);
  if (verb !== undefined) {
    if (verb.toLowerCase() !== 'attestationmechanism' || id === '') return failedWith(problems.noSuchPath);
    const right = fidelity.attestationMechanismRight;
    return method === 'POST'
      ? of(right, 'none', 'attestation mechanism', (request) => getAttestationMechanism(kind, id, request))
      : failedWith(problems.methodNotAllowed);
  }
  if (method === 'POST' && id === '') {
    return of('EnrollmentWrite', 'needed', 'bulk operation', (request) => bulk(kind, request, fidelity));
  }
  if (method === 'POST' && id.toLowerCase() === 'query') {
    return of('EnrollmentRead', 'needed', 'query', (request) => queryEnrollments(kind, request));
  }
  if (id === '') return failedWith(problems.methodNotAllowed);
  switch (method) {
    case 'PUT':
      return of('EnrollmentWrite', 'needed', 'put', (request) => putEnrollment(kind, id, request, fidelity));
    case 'GET':
      return of('EnrollmentRead', 'none', 'get', (request) => getEnrollment(kind, id, request));
    case 'DELETE':
      return of('EnrollmentWrite', 'none', 'delete', (request) => deleteEnrollment(kind, id, request));
    default:
      return failedWith(problems.methodNotAllowed);
  }
}

function registrationRoute(
  { registrations }: ProvisioningService,
  method: string,
  [id = '', verb, ...more]: readonly string[],
): Found {
  const subject = `registration ${id}`;
  if (id === '' || more.length > 0) return failedWith(problems.noSuchPath);
  if (verb !== undefined) {
    if (verb.toLowerCase() !== 'query') return failedWith(problems.noSuchPath);
    if (method !== 'POST') return failedWith(problems.methodNotAllowed);
    const run = (request: AdminRequest): Reply => queryRegistrations(registrations, id, request);
    return succeeded({ right: 'RegistrationStatusRead', subject, about: 'query', body: 'optional', run });
  }
  if (method === 'GET') {
    const run = (request: AdminRequest): Reply => getRegistration(registrations, id, request);
    return succeeded({ right: 'RegistrationStatusRead', subject, about: 'get', body: 'none', run });
  }
  if (method !== 'DELETE') return failedWith(problems.methodNotAllowed);
  const run = (request: AdminRequest): Reply => deleteRegistration(registrations, id, request);
  return succeeded({ right: 'RegistrationStatusWrite', subject, about: 'delete', body: 'none', run });
}

/** Finds the operation for `…/certificates[/{name}[/{verb}]]`. The long path of the resource manager may precede it. */
function certificateRoute({ caCertificates }: ProvisioningService, method: string, path: readonly string[]): Found {
  const at = path.findIndex((word) => word.toLowerCase() === 'certificates');
  const isLong =
    at === 8 && path[4]?.toLowerCase() === 'providers' && path[6]?.toLowerCase() === 'provisioningservices';
  if (at !== 0 && !isLong) return failedWith(problems.noSuchPath);
  const parent = `/${path.slice(0, at + 1).join('/')}`;
  const [name = '', verb, ...more] = path.slice(at + 1);
  if (more.length > 0) return failedWith(problems.noSuchPath);
  const of = (about: string, body: Operation['body'], run: Operation['run']): Found =>
    succeeded({
      right: 'ServiceConfig',
      subject: name === '' ? 'certificates' : `certificate ${name}`,
      about,
      body,
      run,
    });
  const wanted = [method, name === '' ? 'list' : (verb?.toLowerCase() ?? 'one')].join(' ');
  const requests = caCertificateRequests;
  switch (wanted) {
    case 'GET list':
      return of('list', 'none', () => requests.list(caCertificates, parent));
    case 'GET one':
      return of('get', 'none', (request) => requests.get(caCertificates, name, parent, request));
    case 'PUT one':
      return of('upload', 'needed', (request) => requests.put(caCertificates, name, parent, request));
    case 'DELETE one':
      return of('delete', 'none', (request) => requests.delete(caCertificates, name, request));
    case 'POST generateverificationcode':
      return of('verification code', 'none', (request) =>
        requests.generateVerificationCode(caCertificates, name, parent, request),
      );
    case 'POST verify':
    case 'POST verifycertificate':
      return of('proof of possession', 'needed', (request) => requests.verify(caCertificates, name, parent, request));
    default:
      return failedWith(verb === undefined ? problems.methodNotAllowed : problems.noSuchPath);
  }
}
