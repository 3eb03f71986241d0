import type { CloudSettings } from '../../../../core/cloud/cloud.ts';
import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import { readBearerToken } from '../../../entra/bearer-token.ts';
import type { ProvisioningService } from '../../../dps/service.ts';
import type { ArmProblem } from '../../../registry/management/arm-problem.ts';
import {
  isManagementPath,
  managementOperation,
  type ArmOperation,
  type ManagementOperator,
} from '../../../registry/management/management-api.ts';
import { dpsMessageLimit } from '../../shared/message-limit.ts';
import type { HttpAnswer, HttpApi, HttpRequest } from '../http-api.ts';
import { isOwnHost } from '../dps/own-hosts.ts';
import { isJson } from '../is-json.ts';

/**
 * The management API of the device registry, on the host of the service API: the paths of ARM `Microsoft.DeviceRegistry/namespaces`. A client
 * needs a token of a shared access policy with the right `ServiceConfig`, or of the Entra ID directory of the lab.
 */
export function registryApi(
  service: ProvisioningService,
  operator: ManagementOperator,
  settings: CloudSettings,
): HttpApi {
  return {
    claims: ({ host, path }) => isOwnHost(host, settings) && isManagementPath(path),
    answer: async (request) => {
      const found = managementOperation(request.method, request.path, operator);
      if (!found.ok) return refused(found.failure, service);
      const operation = found.value;
      if (request.body === undefined || request.body.length > dpsMessageLimit)
        return refused({ status: 413, code: 'RequestTooLarge', message: 'The request body is too large.' }, service);
      const version = request.query.get('api-version') ?? '';
      if (!apiVersions.includes(version)) return refused(versionProblem(version), service);
      const { entra } = service.accessPolicies;
      const bearer = entra === undefined ? undefined : await readBearerToken(request.credentials.token, entra);
      const forbidden = service.decide(operation.subject, operation.about, (trace) => {
        const { host, path, credentials } = request;
        const inquiry = { token: credentials.token, bearer, host, path, right: 'ServiceConfig' } as const;
        return service.accessPolicies.authorize(inquiry, trace);
      });
      if (forbidden !== undefined) {
        const status = forbidden.status === 403 ? 403 : 401;
        const code = status === 403 ? 'AuthorizationFailed' : 'AuthenticationFailed';
        return refused({ status, code, message: forbidden.message }, service);
      }
      const json = readBody(operation, request);
      if (!json.ok) return refused(json.failure, service);
      const reply = await operation.run(json.value);
      if (!reply.ok) return refused(reply.failure, service);
      return { ...around(service), ...reply.value };
    },
  };
}

/** The stable API version, and the preview version that has authentication profiles. */
const apiVersions: readonly string[] = ['2026-11-01', '2026-11-02-preview'];

function versionProblem(version: string): ArmProblem {
  const message = `The api-version "${version}" is not supported; expected ${apiVersions.join(' or ')}.`;
  return { status: 400, code: 'InvalidApiVersionParameter', message };
}

function readBody(operation: ArmOperation, request: HttpRequest): Result<unknown, ArmProblem> {
  const text = request.body?.toString('utf8').trim() ?? '';
  if (operation.body === 'none' || (operation.body === 'optional' && text === '')) return succeeded(undefined);
  if (!isJson(request))
    return failedWith({ status: 415, code: 'UnsupportedMediaType', message: 'Expected application/json.' });
  try {
    return succeeded(JSON.parse(text));
  } catch {
    return failedWith({ status: 400, code: 'InvalidRequestContent', message: 'The request body is not valid JSON.' });
  }
}

function around(service: ProvisioningService) {
  return {
    caller: 'management client',
    service: 'device registry',
    headers: { 'x-ms-request-id': service.trackingId() },
  };
}

function refused({ status, code, message }: ArmProblem, service: ProvisioningService): HttpAnswer {
  return { ...around(service), status, body: { error: { code, message } } };
}
