import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import type { Hub } from '../../../hub/hub.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import type { Identity } from '../../../hub/registry/identities.ts';
import { readIdentityName } from '../../../hub/registry/identity-name.ts';
import { ifMatchOf } from '../if-match.ts';
import { parseJson } from '../../shared/parse-json.ts';
import type { HubCall, HubReply } from './hub-reply.ts';
import { moduleJson, readModule } from './module-json.ts';

/** The API for the modules of a device in the identity registry. */
export const moduleRegistryApi = {
  /** Creates a module if the request has no If-Match; replaces all its values if the request has If-Match. */
  put: (call: HubCall): HubReply => moduleReply(put(call), call.hub),

  get: (call: HubCall): HubReply => moduleReply(found(call), call.hub),

  delete: (call: HubCall): HubReply => {
    const { hub, request, deviceId } = call;
    const ifMatch = ifMatchOf(request);
    if (ifMatch === undefined) return { problem: hubProblems.etagMissing, form: 'flat' };
    const module = matched(call, ifMatch);
    if (!module.ok) return { problem: module.failure, form: 'flat' };
    hub.deleteDevice(deviceId);
    return { status: 204 };
  },

  list: (call: HubCall): HubReply => {
    const { hub, deviceId } = call;
    const problem = missingOwner(call, deviceId);
    if (problem !== undefined) return { problem, form: 'flat' };
    return { status: 200, body: hub.identities.modules(deviceId).map((module) => moduleJson(module, hub)) };
  },
} as const;

type Outcome = Result<Identity, HubProblem>;

function put(call: HubCall): Outcome {
  const { hub, request, deviceId: name } = call;
  const json = parseJson(request.body ?? Buffer.alloc(0));
  if (json === undefined) return failedWith(hubProblems.formatError);
  const { deviceId, moduleId = '' } = readIdentityName(name);
  const owner = missingOwner(call, deviceId);
  if (owner !== undefined) return failedWith(owner);
  const read = readModule({ deviceId, moduleId }, json.value);
  if (!read.ok) return read;
  const ifMatch = ifMatchOf(request);
  if (ifMatch !== undefined) {
    const module = matched(call, ifMatch);
    return module.ok ? succeeded(hub.identities.put(read.value)) : module;
  }
  if (hub.identities.find(name) !== undefined) {
    const [hubName = ''] = hub.host.split('.', 1);
    // A live hub sent this message in 2026.
    const message = `Device ${deviceId} in IotHub ${hubName} already contains Module ${moduleId}.`;
    return failedWith(saying(hubProblems.moduleAlreadyExists, message));
  }
  if (hub.identities.modules(deviceId).length >= mostModules) return failedWith(hubProblems.tooManyModules);
  return succeeded(hub.createDevice(read.value));
}

function found(call: HubCall): Outcome {
  const { hub, deviceId: name } = call;
  const owner = missingOwner(call, readIdentityName(name).deviceId);
  const module = hub.identities.find(name);
  if (owner !== undefined) return failedWith(owner);
  return module === undefined ? failedWith(hubProblems.moduleNotFound) : succeeded(module);
}

function matched(call: HubCall, ifMatch: string): Outcome {
  const module = found(call);
  if (!module.ok) return module;
  return ifMatch === '*' || ifMatch === module.value.etag ? module : failedWith(hubProblems.preconditionFailed);
}

/**
 * Returns the problem of a request whose device does not exist. In 2026, a live hub answered 401 to requests with a
 * shared access signature, and 404 to requests with a token of Entra ID.
 */
function missingOwner({ hub, isByEntra }: HubCall, deviceId: string): HubProblem | undefined {
  if (hub.identities.find(deviceId) !== undefined) return undefined;
  return isByEntra === true ? hubProblems.deviceNotFound : hubProblems.unauthorized;
}

function moduleReply(outcome: Outcome, hub: Hub): HubReply {
  if (!outcome.ok) return { problem: outcome.failure, form: 'flat' };
  return { status: 200, headers: { ETag: `"${outcome.value.etag}"` }, body: moduleJson(outcome.value, hub) };
}

/** The limit of a hub of the standard tier (azure-docs `iot-hub-devguide-quotas-throttling`). */
const mostModules = 50;
