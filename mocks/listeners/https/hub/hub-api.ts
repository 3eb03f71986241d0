import { deviceIdRule } from '../../../../core/wire/device-id.ts';
import { globalEndpoint } from '../../../../core/wire/dps-wire.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Admission } from '../../../hub/admission.ts';
import type { HubRight } from '../../../hub/hub-access-policies.ts';
import type { Hub } from '../../../hub/hub.ts';
import { hubProblems, saying } from '../../../hub/hub-problems.ts';
import { readBearerToken } from '../../../entra/bearer-token.ts';
import { serviceRefusal } from '../../../hub/wire-rules/service-access.ts';
import { configurationsApi } from './configurations-api.ts';
import { digitalTwinApi } from './digital-twin-api.ts';
import { feedbackApi } from './feedback-api.ts';
import { fileUploadApi } from './file-upload-api.ts';
import { jobsApi } from './jobs-api.ts';
import { hubApiVersions } from './api-versions.ts';
import { identityName } from '../../../hub/registry/identity-name.ts';
import { matchRoute } from './match-route.ts';
import { moduleRegistryApi } from './module-registry-api.ts';
import { missingFeature } from './missing-feature.ts';
import { deviceHttp } from './hub-device-http.ts';
import { registryApi } from './hub-registry-api.ts';
import { writtenReply, type HubCall, type HubReply } from './hub-reply.ts';
import { twinApi } from './hub-twin-api.ts';
import type { HttpApi, HttpRequest } from '../http-api.ts';

/**
 * The hubs over HTTPS, for services and for devices. The Host header selects the hub. If the header names this computer and
 * there is only one hub, that hub gets the request.
 */
export function hubApi(hubs: ReadonlyMap<string, Hub>, history: History): HttpApi {
  return {
    claims: (request) => hubFor(hubs, request) !== undefined,
    answer: async (request) => {
      const hub = hubFor(hubs, request);
      if (hub === undefined) throw new Error('the API received a request for a path that it does not serve');
      const deviceId = identityIn(request.path);
      return writtenReply(await answer({ hub, request, deviceId }, history), hub, deviceId);
    },
  };
}

function hubFor(hubs: ReadonlyMap<string, Hub>, { host, path }: HttpRequest): Hub | undefined {
  const hubOfHost = hubs.get(host);
  if (hubOfHost !== undefined || host === globalEndpoint || host.includes('.azure-devices')) return hubOfHost;
  const [only] = hubs.values();
  return hubs.size === 1 && isHubPath(path) ? only : undefined;
}

/** Returns true if only hubs have paths with this first segment. */
export function isHubPath([root = '']: readonly string[]): boolean {
  return roots.includes(root.toLowerCase());
}

const roots: readonly string[] = [
  'devices',
  'twins',
  'statistics',
  'messages',
  'jobs',
  'configurations',
  'digitaltwins',
  'modules',
];

async function answer(call: HubCall, history: History): Promise<HubReply> {
  const { hub, request, deviceId } = call;
  const routes = matchRoute(routesByPlace, request.path);
  if (routes === undefined) return { problem: missingFeature(request.path) ?? hubProblems.noSuchPath };
  const route = routes[request.method];
  if (route === undefined) return { problem: hubProblems.methodNotAllowed };
  if (!hubApiVersions.includes(request.query.get('api-version') ?? '')) {
    return { problem: hubProblems.invalidProtocolVersion };
  }
  // An encoded slash must not turn the ID of a device into the name of a module.
  const [, second = ''] = request.path;
  if (deviceId !== '' && second.includes('/')) {
    const sentence = `"${second.slice(0, 140)}" is not a valid device ID: it must have ${deviceIdRule}.`;
    return { problem: saying(hubProblems.argumentInvalid, sentence) };
  }
  if (route.right === 'device') {
    const admission = hub.admits(deviceId, request.credentials);
    return admission === undefined ? { problem: hubProblems.unauthorized } : route.answer(call, admission);
  }
  const bearer = hub.entra === undefined ? undefined : await readBearerToken(request.credentials.token, hub.entra);
  const need = { right: route.right, actions: route.actions.map((action) => `IotHubs/${action}`) };
  const refusal = serviceRefusal(hub, need, request, bearer, history);
  if (refusal !== undefined) return { problem: refusal };
  if (request.body === undefined) return { problem: hubProblems.messageTooLarge };
  return route.answer({ ...call, isByEntra: bearer !== undefined });
}

type Route =
  | {
      readonly right: HubRight;
      /** The actions of Azure roles below `Microsoft.Devices/IotHubs` that a token of Entra ID needs. */
      readonly actions: readonly string[];
      readonly answer: (call: HubCall) => HubReply | Promise<HubReply>;
    }
  | { readonly right: 'device'; readonly answer: (call: HubCall, admission: Admission) => HubReply };

/** Routes by path (in lower case, `*` for any segment), then by method. */
const routesByPlace: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  devices: {
    GET: { right: 'RegistryRead', actions: ['devices/read'], answer: registryApi.list },
    POST: { right: 'RegistryWrite', actions: ['devices/write', 'devices/delete'], answer: registryApi.bulk },
  },
  'devices/query': { POST: { right: 'ServiceConnect', actions: ['twins/read'], answer: twinApi.query } },
  'devices/*': {
    GET: { right: 'RegistryRead', actions: ['devices/read'], answer: registryApi.get },
    PUT: { right: 'RegistryWrite', actions: ['devices/write'], answer: registryApi.put },
    DELETE: { right: 'RegistryWrite', actions: ['devices/delete'], answer: registryApi.delete },
  },
  'devices/*/modules': { GET: { right: 'RegistryRead', actions: ['devices/read'], answer: moduleRegistryApi.list } },
  'devices/*/modules/*': {
    GET: { right: 'RegistryRead', actions: ['devices/read'], answer: moduleRegistryApi.get },
    PUT: { right: 'RegistryWrite', actions: ['devices/write'], answer: moduleRegistryApi.put },
    DELETE: { right: 'RegistryWrite', actions: ['devices/delete'], answer: moduleRegistryApi.delete },
  },
  'devices/*/applyconfigurationcontent': {
    POST: {
      right: 'RegistryWrite',
      actions: ['configurations/applyToEdgeDevice/action'],
      answer: configurationsApi.apply,
    },
  },
  configurations: { GET: { right: 'RegistryRead', actions: ['configurations/read'], answer: configurationsApi.list } },
  'configurations/testqueries': {
    POST: {
      right: 'RegistryRead',
      actions: ['configurations/testQueries/action'],
      answer: configurationsApi.testQueries,
    },
  },
  'configurations/*': {
    GET: { right: 'RegistryRead', actions: ['configurations/read'], answer: configurationsApi.get },
    PUT: { right: 'RegistryWrite', actions: ['configurations/write'], answer: configurationsApi.put },
    DELETE: { right: 'RegistryWrite', actions: ['configurations/delete'], answer: configurationsApi.delete },
  },
  'digitaltwins/*': {
    GET: { right: 'ServiceConnect', actions: ['twins/read'], answer: digitalTwinApi.get },
    PATCH: { right: 'ServiceConnect', actions: ['twins/write'], answer: digitalTwinApi.patch },
  },
  'digitaltwins/*/commands/*': {
    POST: { right: 'ServiceConnect', actions: ['directMethods/invoke/action'], answer: digitalTwinApi.command },
  },
  'digitaltwins/*/components/*/commands/*': {
    POST: {
      right: 'ServiceConnect',
      actions: ['directMethods/invoke/action'],
      answer: digitalTwinApi.componentCommand,
    },
  },
  'devices/*/commands': {
    DELETE: {
      right: 'ServiceConnect',
      actions: ['cloudToDeviceMessages/queue/purge/action'],
      answer: registryApi.purge,
    },
  },
  'statistics/devices': {
    GET: { right: 'RegistryRead', actions: ['statistics/read'], answer: registryApi.statistics },
  },
  'statistics/service': {
    GET: { right: 'RegistryRead', actions: ['statistics/read'], answer: registryApi.serviceStatistics },
  },
  'twins/*': {
    GET: { right: 'ServiceConnect', actions: ['twins/read'], answer: twinApi.get },
    PATCH: { right: 'ServiceConnect', actions: ['twins/write'], answer: twinApi.patch },
    PUT: { right: 'ServiceConnect', actions: ['twins/write'], answer: twinApi.replace },
  },
  'twins/*/modules/*': {
    GET: { right: 'ServiceConnect', actions: ['twins/read'], answer: twinApi.get },
    PATCH: { right: 'ServiceConnect', actions: ['twins/write'], answer: twinApi.patch },
    PUT: { right: 'ServiceConnect', actions: ['twins/write'], answer: twinApi.replace },
  },
  'twins/*/modules/*/methods': {
    POST: { right: 'ServiceConnect', actions: ['directMethods/invoke/action'], answer: twinApi.invoke },
  },
  'twins/*/methods': {
    POST: { right: 'ServiceConnect', actions: ['directMethods/invoke/action'], answer: twinApi.invoke },
  },
  'jobs/v2/query': { GET: { right: 'RegistryRead', actions: ['jobs/read'], answer: jobsApi.query } },
  'jobs/v2/*': {
    GET: { right: 'RegistryRead', actions: ['jobs/read'], answer: jobsApi.get },
    PUT: { right: 'RegistryWrite', actions: ['jobs/write'], answer: jobsApi.create },
  },
  'jobs/v2/*/cancel': { POST: { right: 'RegistryWrite', actions: ['jobs/delete'], answer: jobsApi.cancel } },
  'messages/servicebound/feedback': {
    GET: { right: 'ServiceConnect', actions: ['cloudToDeviceMessages/feedback/action'], answer: feedbackApi.receive },
  },
  'messages/servicebound/feedback/*': {
    DELETE: {
      right: 'ServiceConnect',
      actions: ['cloudToDeviceMessages/feedback/action'],
      answer: feedbackApi.complete,
    },
  },
  'messages/servicebound/feedback/*/abandon': {
    POST: { right: 'ServiceConnect', actions: ['cloudToDeviceMessages/feedback/action'], answer: feedbackApi.abandon },
  },
  'devices/*/files': { POST: { right: 'device', answer: fileUploadApi.start } },
  'devices/*/files/notifications': { POST: { right: 'device', answer: fileUploadApi.finish } },
  'devices/*/files/notifications/*': { POST: { right: 'device', answer: fileUploadApi.finish } },
  'devices/*/messages/events': { POST: { right: 'device', answer: deviceHttp.sendEvents } },
  'devices/*/messages/devicebound': { GET: { right: 'device', answer: deviceHttp.receive } },
  'devices/*/messages/devicebound/*': { DELETE: { right: 'device', answer: deviceHttp.complete } },
  'devices/*/messages/devicebound/*/abandon': { POST: { right: 'device', answer: deviceHttp.abandon } },
};

/** Returns the name of the device or module in a path, or an empty text if the path has none. */
function identityIn([root = '', second = '', third = '', fourth = '']: readonly string[]): string {
  if (!['devices', 'twins', 'digitaltwins'].includes(root.toLowerCase()) || second === 'query') return '';
  const moduleId = third.toLowerCase() === 'modules' && fourth !== '' ? fourth : undefined;
  return identityName({ deviceId: second, moduleId });
}
