import { digitalTwinOf, isComponent } from '../../../hub/digital-twin/digital-twin-of.ts';
import { readPatch } from '../../../hub/digital-twin/read-patch.ts';
import { hubProblems } from '../../../hub/hub-problems.ts';
import { twinEtag } from '../../../hub/twins/twins.ts';
import type { HubCall, HubReply } from './hub-reply.ts';
import { ifMatchOf } from '../if-match.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { readMethodRequest } from './read-method-request.ts';

/** The API for digital twins (IoT Plug and Play), which present twins and direct methods in another form. */
export const digitalTwinApi = {
  get: ({ hub, deviceId }: HubCall): HubReply => {
    const outcome = hub.twinOf(deviceId);
    if (!outcome.ok) return { problem: outcome.failure };
    return { status: 200, headers: { ETag: `"${twinEtag(outcome.value)}"` }, body: digitalTwinOf(outcome.value) };
  },

  patch: ({ hub, request, deviceId }: HubCall): HubReply => {
    const found = hub.twinOf(deviceId);
    if (!found.ok) return { problem: found.failure };
    const { desired, reported } = found.value;
    const json = parseJson(request.body ?? Buffer.alloc(0));
    if (json === undefined) return { problem: hubProblems.formatError };
    const read = readPatch(
      json.value,
      (name) => isComponent(desired.values[name]) || isComponent(reported.values[name]),
    );
    if (!read.ok) return { problem: read.failure };
    const outcome = hub.writeTwin(deviceId, 'patch', { desired: read.value }, ifMatchOf(request));
    if (!outcome.ok) return { problem: outcome.failure };
    const location = `https://${request.headers['host'] ?? hub.host}/digitaltwins/${encodeURIComponent(deviceId)}`;
    return { status: 202, headers: { ETag: `"${twinEtag(outcome.value)}"`, Location: location } };
  },

  command: (call: HubCall): Promise<HubReply> => invoke(call, call.request.path[3] ?? ''),

  /** Calls a command of a component. The device receives the method name `component*command`. */
  componentCommand: (call: HubCall): Promise<HubReply> => {
    const { path } = call.request;
    return invoke(call, `${path[3] ?? ''}*${path[5] ?? ''}`);
  },
} as const;

/** Calls a direct method. The body of the answer is only the payload; a header contains the status that the device returned. */
async function invoke({ hub, request, deviceId }: HubCall, methodName: string): Promise<HubReply> {
  const body = request.body ?? Buffer.alloc(0);
  const payload = body.length === 0 ? { value: null } : parseJson(body);
  if (payload === undefined) return { problem: hubProblems.formatError };
  const read = readMethodRequest({
    methodName,
    payload: payload.value,
    connectTimeoutInSeconds: secondsOf(request.query.get('connectTimeoutInSeconds')),
    responseTimeoutInSeconds: secondsOf(request.query.get('responseTimeoutInSeconds')),
  });
  if (!read.ok) return { problem: read.failure };
  const outcome = await hub.invoke(deviceId, read.value);
  if (!outcome.ok) {
    return { problem: outcome.failure, form: outcome.failure === hubProblems.deviceNotFound ? 'plain' : 'folded' };
  }
  return {
    status: 200,
    headers: { 'x-ms-command-statuscode': String(outcome.value.status), 'x-ms-request-id': hub.random.uuid() },
    body: outcome.value.payload ?? null,
  };
}

function secondsOf(text: string | null): number | undefined {
  return text === null ? undefined : Number(text);
}
