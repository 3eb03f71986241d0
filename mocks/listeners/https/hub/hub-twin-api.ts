import type { Hub } from '../../../hub/hub.ts';
import { hubProblems, saying } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import { parseQuery } from '../../../hub/query/parse-query.ts';
import { runQuery } from '../../../hub/query/run-query.ts';
import type { TwinOutcome } from '../../../hub/twins/twins.ts';
import { twinEtag } from '../../../hub/twins/twins.ts';
import { twinDocuments, twinJson } from '../../../hub/twins/twin-json.ts';
import { deviceJobJson } from './job-json.ts';
import { pageOf } from './page.ts';
import { readMethodRequest } from './read-method-request.ts';
import { readTwinWrite } from './read-twin-write.ts';
import type { HubCall, HubReply } from './hub-reply.ts';
import { ifMatchOf } from '../if-match.ts';
import { parseJson } from '../../shared/parse-json.ts';

/** Twins, queries about them, and direct methods: what the service side does with devices. */
export const twinApi = {
  get: ({ hub, deviceId }: HubCall): HubReply => {
    return shown(hub.twinOf(deviceId), hub, deviceId);
  },

  patch: (call: HubCall): HubReply => write(call, 'patch'),

  replace: (call: HubCall): HubReply => write(call, 'replace'),

  query: ({ hub, request }: HubCall): HubReply => {
    const body = parseJson(request.body ?? Buffer.alloc(0))?.value;
    const text = isJsonObject(body) ? body['query'] : undefined;
    if (typeof text !== 'string') return { problem: saying(hubProblems.queryInvalid, 'The body has no query.') };
    const parsed = parseQuery(text);
    if ('trouble' in parsed) return { problem: saying(hubProblems.queryInvalid, parsed.trouble) };
    const { from, fields } = parsed.query;
    const rows = runQuery(
      parsed.query,
      from === 'devices' ? twinDocuments(hub) : hub.jobs.deviceJobs().map(deviceJobJson),
    );
    const type = fields !== undefined ? 'Raw' : from === 'devices' ? 'Twin' : 'DeviceJob';
    return pageOf(rows, type, request);
  },

  invoke: async ({ hub, request, deviceId }: HubCall): Promise<HubReply> => {
    const read = readMethodRequest(parseJson(request.body ?? Buffer.alloc(0))?.value);
    if ('problem' in read) return read;
    const outcome = await hub.invoke(deviceId, read.request);
    if (!('problem' in outcome)) return { status: 200, body: outcome };
    return { problem: outcome.problem, isFolded: outcome.problem !== hubProblems.deviceNotFound };
  },
} as const;

function write({ hub, request, deviceId }: HubCall, kind: 'patch' | 'replace'): HubReply {
  const json = parseJson(request.body ?? Buffer.alloc(0));
  if (json === undefined) return { problem: hubProblems.formatError };
  const read = readTwinWrite(json.value, kind);
  if ('problem' in read) return read;
  return shown(hub.writeTwin(deviceId, kind, read.write, ifMatchOf(request)), hub, deviceId);
}

function shown(outcome: TwinOutcome, hub: Hub, deviceId: string): HubReply {
  const identity = hub.identities.find(deviceId);
  if ('problem' in outcome) return outcome;
  if (identity === undefined) return { problem: hubProblems.deviceNotFound };
  return {
    status: 200,
    headers: { ETag: `"${twinEtag(outcome.twin)}"` },
    body: twinJson(outcome.twin, identity, hub),
  };
}
