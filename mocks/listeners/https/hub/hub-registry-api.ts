import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import type { JsonObject } from '../../../../core/wire/enrollment.ts';
import type { Hub } from '../../../hub/hub.ts';
import { readParentScope } from '../../../hub/registry/device-scopes.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import type { Identity, IdentityTerms } from '../../../hub/registry/identities.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import type { HubCall, HubReply } from './hub-reply.ts';
import { identityJson, readIdentity } from './identity-json.ts';
import { ifMatchOf } from '../if-match.ts';
import { parseJson } from '../../shared/parse-json.ts';

/** The API for the identity registry of a hub. */
export const registryApi = {
  /** Creates a device if the request has no If-Match; updates it if the request has If-Match. */
  put: ({ hub, request, deviceId }: HubCall): HubReply => {
    const json = parseJson(request.body ?? Buffer.alloc(0));
    if (json === undefined) return { problem: hubProblems.formatError };
    const ifMatch = ifMatchOf(request);
    const outcome =
      ifMatch === undefined ? create(hub, deviceId, json.value) : update(hub, deviceId, json.value, ifMatch);
    return outcome.ok ? identityReply(outcome.value, hub) : { problem: outcome.failure };
  },

  get: ({ hub, deviceId }: HubCall): HubReply => {
    const identity = hub.identities.find(deviceId);
    return identity === undefined ? { problem: hubProblems.deviceNotFound } : identityReply(identity, hub);
  },

  delete: ({ hub, request, deviceId }: HubCall): HubReply => {
    const ifMatch = ifMatchOf(request);
    if (ifMatch === undefined) return { problem: hubProblems.etagMissing };
    const problem = remove(hub, deviceId, ifMatch);
    return problem === undefined ? { status: 204 } : { problem };
  },

  list: ({ hub, request }: HubCall): HubReply => {
    const top = Number(request.query.get('top') ?? longestList);
    if (!Number.isInteger(top) || top < 1 || top > longestList) {
      return { problem: saying(hubProblems.argumentInvalid, `top must be a whole number from 1 to ${longestList}.`) };
    }
    const found = hub.identities.all().slice(0, top);
    return { status: 200, body: found.map((identity) => identityJson(identity, hub)) };
  },

  /** Changes up to 100 devices in one request. Each device has its own import mode. The answer lists the failed changes. */
  bulk: ({ hub, request }: HubCall): HubReply => {
    const list = parseJson(request.body ?? Buffer.alloc(0))?.value;
    if (!Array.isArray(list) || list.length === 0 || list.length > 100 || !list.every(isJsonObject)) {
      return { problem: saying(hubProblems.argumentInvalid, 'The body must be a list of 1 to 100 devices.') };
    }
    const errors = list.flatMap((each) => {
      const deviceId = typeof each['id'] === 'string' ? each['id'] : '';
      const problem = bulkStep(hub, deviceId, each);
      return problem === undefined ? [] : { deviceId, errorCode: problem.errorCode, errorStatus: problem.message };
    });
    const isSuccessful = errors.length === 0;
    return { status: isSuccessful ? 200 : 400, body: { isSuccessful, errors, warnings: [] } };
  },

  statistics: ({ hub }: HubCall): HubReply => {
    const all = hub.identities.all();
    const enabled = all.filter(({ status }) => status === 'enabled').length;
    return {
      status: 200,
      body: {
        totalDeviceCount: all.length,
        enabledDeviceCount: enabled,
        disabledDeviceCount: all.length - enabled,
      },
    };
  },

  serviceStatistics: ({ hub }: HubCall): HubReply => {
    const connected = hub.identities.all().filter(({ deviceId }) => hub.connections.isConnected(deviceId));
    return { status: 200, body: { connectedDeviceCount: connected.length } };
  },

  /** Discards all messages that wait for a device. */
  purge: ({ hub, deviceId }: HubCall): HubReply => {
    if (hub.identities.find(deviceId) === undefined) return { problem: hubProblems.deviceNotFound };
    return {
      status: 200,
      body: { totalMessagesPurged: hub.queueOf(deviceId).purge(), deviceId, moduleId: null },
    };
  },
} as const;

type Outcome = Result<Identity, HubProblem>;

function create(hub: Hub, deviceId: string, value: unknown): Outcome {
  const read = readTerms(hub, deviceId, value);
  if (!read.ok) return read;
  if (hub.identities.find(deviceId) !== undefined) {
    return failedWith(saying(hubProblems.deviceAlreadyExists, `A device with ID '${deviceId}' is already registered.`));
  }
  return succeeded(hub.createDevice(read.value));
}

function update(hub: Hub, deviceId: string, value: unknown, ifMatch: string): Outcome {
  const read = readTerms(hub, deviceId, value);
  if (!read.ok) return read;
  const problem = mismatch(hub, deviceId, ifMatch);
  return problem === undefined ? succeeded(hub.identities.put(read.value)) : failedWith(problem);
}

function readTerms(hub: Hub, deviceId: string, value: unknown): Result<IdentityTerms, HubProblem> {
  const read = readIdentity(deviceId, value);
  if (!read.ok) return read;
  const { terms, scopes } = read.value;
  const parent = readParentScope(hub.identities, deviceId, terms.capabilities?.iotEdge === true, scopes);
  return parent.ok ? succeeded({ ...terms, parentScope: parent.value }) : parent;
}

function remove(hub: Hub, deviceId: string, ifMatch: string): HubProblem | undefined {
  const problem = mismatch(hub, deviceId, ifMatch);
  if (problem === undefined) hub.deleteDevice(deviceId);
  return problem;
}

function mismatch(hub: Hub, deviceId: string, ifMatch: string): HubProblem | undefined {
  const identity = hub.identities.find(deviceId);
  if (identity === undefined) return hubProblems.deviceNotFound;
  return ifMatch === '*' || ifMatch === identity.etag ? undefined : hubProblems.preconditionFailed;
}

function problemOf(outcome: Outcome): HubProblem | undefined {
  return outcome.ok ? undefined : outcome.failure;
}

function bulkStep(hub: Hub, deviceId: string, given: JsonObject): HubProblem | undefined {
  const { importMode, ...rest } = given;
  const etag = rest['eTag'] ?? rest['etag'];
  const ifMatch = typeof etag === 'string' ? etag : '';
  const mode = typeof importMode === 'string' ? importMode.toLowerCase() : 'create';
  switch (mode) {
    case 'create':
      return problemOf(create(hub, deviceId, rest));
    case 'update':
      return problemOf(update(hub, deviceId, rest, '*'));
    case 'updateifmatchetag':
      return problemOf(update(hub, deviceId, rest, ifMatch));
    case 'createorupdate':
      return problemOf(
        hub.identities.find(deviceId) === undefined ? create(hub, deviceId, rest) : update(hub, deviceId, rest, '*'),
      );
    case 'delete':
      return remove(hub, deviceId, '*');
    case 'deleteifmatchetag':
      return remove(hub, deviceId, ifMatch);
    default:
      return saying(
        hubProblems.argumentInvalid,
        `The import mode "${mode.slice(0, 40)}" is not known; use create, update, createOrUpdate or delete.`,
      );
  }
}

function identityReply(identity: Identity, hub: Hub): HubReply {
  return { status: 200, headers: { ETag: `"${identity.etag}"` }, body: identityJson(identity, hub) };
}

const longestList = 1000;
