import { defined } from '../../../../core/defined.ts';
import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import type { History } from '../../../../core/history/history.ts';
import { deviceApiVersions, updateApiVersions } from '../../../../core/wire/dps-wire.ts';
import { problems, type Problem } from '../../../../core/wire/problems.ts';
import type { Answer } from '../../../dps/answer.ts';
import type { DeviceCall } from '../../../dps/device-call.ts';
import type { ProvisioningService } from '../../../dps/service.ts';
import type { UpdateKind } from '../../../updates/device-updates.ts';
import { readUpdateCheck, readUpdateReport } from '../../../updates/read-update-request.ts';
import type { Services } from '../../listener.ts';
import { recordUnknownHub } from '../../../hub/wire-rules/judge-connect.ts';
import { isHubPath } from '../hub/hub-api.ts';
import type { HttpAnswer, HttpApi, HttpRequest } from '../http-api.ts';
import { isJson } from '../is-json.ts';
import { dpsMessageLimit } from '../../shared/message-limit.ts';
import { readClaim } from '../../../dps/claim.ts';

/**
 * The device API of DPS over HTTPS: `/{idScope}/registrations/{registrationId}…`. It handles every request that no other API
 * claims.
 */
export function deviceApi(services: Services, history: History): HttpApi {
  return {
    claims: () => true,
    answer: async (request) => {
      const route = findRoute(request);
      if (!route.ok) {
        const { path, host, credentials } = request;
        const isForHub = isHubPath(path);
        const subject = (isForHub ? path[1] : undefined)?.slice(0, 128) ?? 'unknown';
        if (isForHub) recordUnknownHub({ subject, host: host.slice(0, 255), from: credentials.from }, history);
        return written(services.own.refuse(route.failure), request, subject);
      }
      const { idScope, registrationId } = route.value;
      return written(await answerRoute(services.of(idScope), route.value, request), request, registrationId);
    },
  };
}

async function answerRoute(service: ProvisioningService, route: Route, request: HttpRequest): Promise<Answer> {
  const { idScope, registrationId } = route;
  if (request.body === undefined || request.body.length > dpsMessageLimit) return service.refuse(problems.bodyTooLarge);
  const apiVersion = request.query.get('api-version') ?? '';
  if (!deviceApiVersions.includes(apiVersion)) return service.refuse(problems.apiVersion);
  const call: DeviceCall = {
    idScope,
    registrationId,
    credentials: request.credentials,
    transport: 'https',
    apiVersion,
  };
  if (route.kind === 'operation') return service.operationStatus(call, route.operationId);
  if (!isJson(request)) return service.refuse(problems.unsupportedMediaType);
  if (route.kind === 'report') {
    const report = readUpdateReport(request.body);
    return report.ok ? service.reportUpdate(call, report.value) : service.refuse(report.failure);
  }
  if (route.kind === 'onboarding' || route.kind === 'software') {
    const check = readUpdateCheck(request.body);
    return check.ok ? service.requestUpdates(call, route.kind, check.value) : service.refuse(check.failure);
  }
  const claim = readClaim(call, request.body);
  if (!claim.ok) return service.refuse(claim.failure);
  return route.kind === 'register' ? service.register(claim.value) : service.status(claim.value);
}

type Route = { readonly idScope: string; readonly registrationId: string } & (
  | { readonly kind: 'register' | 'status' | UpdateKind | 'report' }
  | { readonly kind: 'operation'; readonly operationId: string }
);

function findRoute({ path, method, query }: HttpRequest): Result<Route, Problem> {
  const [idScope, registrations, registrationId, verb, operationId] = path;
  if (idScope === undefined || registrations?.toLowerCase() !== 'registrations' || !registrationId) {
    return failedWith(problems.noSuchPath);
  }
  const wanted = wantedOf(path.length, verb?.toLowerCase(), query.get('api-version') ?? '');
  if (wanted === undefined) return failedWith(problems.noSuchPath);
  if (method !== wanted.method) return failedWith(problems.methodNotAllowed);
  return succeeded(
    wanted.kind === 'operation'
      ? { idScope, registrationId, kind: 'operation', operationId: operationId ?? '' }
      : { idScope, registrationId, kind: wanted.kind },
  );
}

function wantedOf(length: number, verb: string | undefined, apiVersion: string) {
  // Older API versions do not have these paths.
  const update = length === 4 && updateApiVersions.includes(apiVersion) ? updateVerbs.get(verb ?? '') : undefined;
  if (update !== undefined) return { method: 'POST', kind: update } as const;
  if (length === 3) return { method: 'POST', kind: 'status' } as const;
  if (length === 4 && verb === 'register') return { method: 'PUT', kind: 'register' } as const;
  if (length === 5 && verb === 'operations') return { method: 'GET', kind: 'operation' } as const;
  return undefined;
}

/** The requests for updates, by their names in lower case. */
const updateVerbs: ReadonlyMap<string, UpdateKind | 'report'> = new Map([
  ['requestonboardingupdates', 'onboarding'],
  ['requestsoftwareupdates', 'software'],
  ['reportupdatestatus', 'report'],
]);

/** Returns the answer to a request that no API can read. */
export function unreadable(service: ProvisioningService, problem: Problem): HttpAnswer {
  return written(service.refuse(problem), undefined, 'unknown');
}

function written(answer: Answer, request: HttpRequest | undefined, caller: string): HttpAnswer {
  return {
    status: answer.status,
    headers: {
      'x-ms-request-id': answer.trackingId,
      ...(answer.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(answer.retryAfterSeconds) }),
      ...(answer.status === 202 && request?.method === 'PUT'
        ? { Location: `https://${request.headers['host'] ?? ''}${request.url.split('?')[0] ?? ''}` }
        : {}),
      ...('errorCode' in answer.body ? { 'x-ms-error-code': answer.textCode ?? String(answer.body.errorCode) } : {}),
    },
    body: answer.body,
    ...defined({ dropped: answer.dropped }),
    caller,
    service: 'dps',
  };
}
