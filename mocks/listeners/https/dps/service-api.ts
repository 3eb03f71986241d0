import { defined } from '../../../../core/defined.ts';
import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import type { CloudSettings } from '../../../../core/cloud/cloud.ts';
import { deviceApiVersions } from '../../../../core/wire/dps-wire.ts';
import { problems, type Problem } from '../../../../core/wire/problems.ts';
import { runOperation, type Operation } from '../../../dps/administration/operation.ts';
import type { Reply } from '../../../dps/administration/reply.ts';
import { readBearerToken, type BearerToken } from '../../../entra/bearer-token.ts';
import type { ProvisioningService } from '../../../dps/service.ts';
import type { Throttled } from '../../../dps/quotas/throttle.ts';
import type { HttpAnswer, HttpApi, HttpRequest } from '../http-api.ts';
import { isJson } from '../is-json.ts';
import { dpsMessageLimit } from '../../shared/message-limit.ts';
import { isOwnHost, serviceHost } from './own-hosts.ts';
import { serviceRoutes } from './service-routes.ts';

/**
 * The service API of DPS over HTTPS, for operators: enrollments, groups, registrations and CA certificates.
 *
 * @param host host name of the API. Clients on this computer may also use other names for the service of the lab.
 */
export function serviceApi(service: ProvisioningService, settings: CloudSettings, host = serviceHost): HttpApi {
  const isCalled = (called: string): boolean => (host === serviceHost ? isOwnHost(called, settings) : called === host);
  const findOperation = serviceRoutes(service, settings);
  const refused = (problem: Problem): HttpAnswer => written(failedWith(problem), service);
  return {
    claims: (request) => isCalled(request.host) && resources.includes(request.path[0]?.toLowerCase() ?? ''),
    answer: async (request) => {
      const found = findOperation(request);
      if (!found.ok) return refused(found.failure);
      const operation = found.value;
      const throttled = service.throttle.operation(operation.subject);
      if (throttled !== undefined) return retryLater(refused(problems.tooManyRequests), throttled);
      if (request.body === undefined || request.body.length > dpsMessageLimit) return refused(problems.bodyTooLarge);
      if (!apiVersions.includes(request.query.get('api-version') ?? '')) return refused(problems.apiVersion);
      const { entra } = service.accessPolicies;
      const bearer = entra === undefined ? undefined : await readBearerToken(request.credentials.token, entra);
      return written(run(service, operation, request, bearer), service);
    },
  };
}

/**
 * The first path segments of the service API, in lower case. In contrast, the path of a device request begins with an ID scope.
 */
const resources: readonly string[] = [
  'enrollments',
  'enrollmentgroups',
  'registrations',
  'certificates',
  'subscriptions',
];

/**
 * The API versions of the data plane. Requests about certificates may also have the versions of the resource manager.
 */
const apiVersions: readonly string[] = [
  ...deviceApiVersions,
  '2017-08-21-preview',
  '2018-01-22',
  '2020-01-01',
  '2020-03-01',
  '2021-10-15',
  '2022-02-05',
  '2022-12-12',
  '2023-03-01-preview',
  '2025-02-01-preview',
];

function retryLater(answer: HttpAnswer, { retryAfterSeconds }: Throttled): HttpAnswer {
  if (retryAfterSeconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(retryAfterSeconds) } };
}

function run(
  service: ProvisioningService,
  operation: Operation,
  request: HttpRequest,
  bearer: BearerToken | undefined,
): Reply {
  const { host, path, headers, credentials } = request;
  return runOperation(service, operation, {
    token: credentials.token,
    bearer,
    host,
    path,
    readJson: () => readBody(operation, request),
    ifMatch: headers['if-match'],
    maxItemCount: headers['x-ms-max-item-count'],
    continuation: headers['x-ms-continuation'],
  });
}

function readBody(operation: Operation, request: HttpRequest): Result<unknown, Problem> {
  const text = request.body?.toString('utf8').trim() ?? '';
  if (operation.body === 'none' || (operation.body === 'optional' && text === '')) return succeeded(undefined);
  if (!isJson(request)) return failedWith(problems.unsupportedMediaType);
  try {
    return succeeded(JSON.parse(text));
  } catch {
    return failedWith(problems.malformedBody);
  }
}

function written(reply: Reply, service: ProvisioningService): HttpAnswer {
  const around = { caller: 'service client', service: 'dps' };
  if (!reply.ok) {
    const { status, trackingId, body } = service.refuse(reply.failure);
    const headers = { 'x-ms-request-id': trackingId, 'x-ms-error-code': String(reply.failure.errorCode) };
    return { ...around, status, headers, body };
  }
  const { status, headers, body, secret } = reply.value;
  return {
    ...around,
    status,
    headers: { 'x-ms-request-id': service.trackingId(), ...headers },
    ...defined({ body, secret }),
  };
}
