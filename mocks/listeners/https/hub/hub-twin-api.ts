import type { Hub } from '../../../hub/hub.ts';
import { hubProblems, saying } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import { parseQuery } from '../../../hub/query/parse-query.ts';
import { runQuery } from '../../../hub/query/run-query.ts';
import type { TwinOutcome } from '../../../hub/twins/twins.ts';
import { twinEtag } from '../../../hub/twins/twins.ts';
import { twinJson } from '../../../hub/twins/twin-json.ts';
import { deviceJobJson } from './job-json.ts';
import { pageOf } from './page.ts';
import { readMethodRequest } from './read-method-request.ts';
import { readTwinWrite } from './read-twin-write.ts';
import type { HubCall, HubReply } from './hub-reply.ts';
import { ifMatchOf } from '../if-match.ts';
import { parseJson } from '../../shared/parse-json.ts';

/** The API for twins, twin queries and direct methods, for the service side. */
export const twinApi = {
  get: ({ hub, deviceId }: HubCall): HubReply => {
    return twinReply(hub.twinOf(deviceId), hub, deviceId);
  },

  patch: (call: HubCall): HubReply => write(call, 'patch'),

  replace: (call: HubCall): HubReply => write(call, 'replace'),

  query: ({ hub, request }: HubCall): HubReply => {
    const body = parseJson(request.body ?? Buffer.alloc(0))?.value;
    const text = isJsonObject(body) ? body['query'] : undefined;
    if (typeof text !== 'string') return { problem: saying(hubProblems.queryInvalid, 'query must be a string.') };
    const parsed = parseQuery(text);
    if (!parsed.ok) return { problem: saying(hubProblems.queryInvalid, parsed.failure.sentence) };
    const { from, fields } = parsed.value;
    const rows = runQuery(
      parsed.value,
      from === 'devices.jobs' ? hub.jobs.deviceJobs().map(deviceJobJson) : hub.twinDocuments(from),
    );
    const type = fields !== undefined ? 'Raw' : from === 'devices.jobs' ? 'DeviceJob' : 'Twin';
    return pageOf(rows, type, request);
  },

  invoke: async ({ hub, request, deviceId }: HubCall): Promise<HubReply> => {
    const read = readMethodRequest(parseJson(request.body ?? Buffer.alloc(0))?.value);
    if (!read.ok) return { problem: read.failure };
    const outcome = await hub.invoke(deviceId, read.value);
    if (outcome.ok) return { status: 200, body: outcome.value };
    const isFound = outcome.failure !== hubProblems.deviceNotFound && outcome.failure !== hubProblems.moduleNotFound;
    return { problem: outcome.failure, form: isFound ? 'folded' : 'plain' };
  },
} as const;

function write({ hub, request, deviceId }: HubCall, kind: 'patch' | 'replace'): HubReply {
  const json = parseJson(request.body ?? Buffer.alloc(0));
  if (json === undefined) return { problem: hubProblems.formatError };
  const read = readTwinWrite(json.value, kind);
  if (!read.ok) return { problem: read.failure };
  return twinReply(hub.writeTwin(deviceId, kind, read.value, ifMatchOf(request)), hub, deviceId);
}

function twinReply(outcome: TwinOutcome, hub: Hub, deviceId: string): HubReply {
  const identity = hub.identities.find(deviceId);
  if (!outcome.ok) return { problem: outcome.failure };
  if (identity === undefined) return { problem: hubProblems.deviceNotFound };
  return {
    status: 200,
    headers: { ETag: `"${twinEtag(outcome.value)}"` },
    body: twinJson(outcome.value, identity, hub),
  };
}
