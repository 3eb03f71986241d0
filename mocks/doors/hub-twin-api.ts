import type { JsonObject } from '../../core/enrollment.ts';
import type { Hub } from '../hub/hub.ts';
import { hubProblems, saying, type HubProblem } from '../hub/hub-problems.ts';
import { isJsonObject } from '../hub/json-value.ts';
import { parseQuery } from '../hub/query/parse-query.ts';
import { runQuery } from '../hub/query/run-query.ts';
import type { TwinOutcome, TwinWrite } from '../hub/twins.ts';
import { twinEtag } from '../hub/twins.ts';
import type { HubCall, HubReply } from './hub-reply.ts';
import { ifMatchOf } from './if-match.ts';
import { parseJson } from './parse-json.ts';
import { twinJson } from './twin-json.ts';

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
    const size = Number(request.headers['x-ms-max-item-count'] ?? longestPage);
    const start = startOf(request.headers['x-ms-continuation']);
    if (!Number.isInteger(size) || size < 1 || start === undefined) {
      return { problem: saying(hubProblems.argumentInvalid, 'The page size or the continuation token is not valid.') };
    }
    const rows = runQuery(parsed.query, documentsOf(hub));
    const end = start + Math.min(size, longestPage);
    return {
      status: 200,
      headers: {
        'x-ms-item-type': parsed.query.fields === undefined ? 'Twin' : 'Raw',
        ...(end < rows.length ? { 'x-ms-continuation': tokenFor(end) } : {}),
      },
      body: rows.slice(start, end),
    };
  },

  invoke: async ({ hub, request, deviceId }: HubCall): Promise<HubReply> => {
    const body = parseJson(request.body ?? Buffer.alloc(0))?.value;
    const methodName = isJsonObject(body) ? body['methodName'] : undefined;
    if (!isJsonObject(body) || typeof methodName !== 'string' || !methodNameShape.test(methodName)) {
      return { problem: saying(hubProblems.argumentInvalid, 'methodName is a text of 1 to 100 plain characters.') };
    }
    const connect = secondsIn(body['connectTimeoutInSeconds'], 0, 0);
    const response = secondsIn(body['responseTimeoutInSeconds'], 5, 30);
    if (connect === undefined || response === undefined) {
      return { problem: saying(hubProblems.argumentInvalid, 'A timeout is 5 to 300 seconds, to connect 0 to 300.') };
    }
    const outcome = await hub.invoke(deviceId, {
      methodName,
      payload: body['payload'] ?? null,
      connectMs: connect * 1000,
      responseMs: response * 1000,
    });
    if (!('problem' in outcome)) return { status: 200, body: outcome };
    return { problem: outcome.problem, isFolded: outcome.problem !== hubProblems.deviceNotFound };
  },
} as const;

function write({ hub, request, deviceId }: HubCall, kind: 'patch' | 'replace'): HubReply {
  const json = parseJson(request.body ?? Buffer.alloc(0));
  if (json === undefined) return { problem: hubProblems.formatError };
  const read = readWrite(json.value, kind);
  if ('problem' in read) return read;
  return shown(hub.writeTwin(deviceId, kind, read.write, ifMatchOf(request)), hub, deviceId);
}

/** What a twin document writes: tags and desired properties. What only the hub writes is passed over. */
function readWrite(
  value: unknown,
  kind: 'patch' | 'replace',
): { readonly write: TwinWrite } | { readonly problem: HubProblem } {
  const invalid = { problem: saying(hubProblems.argumentInvalid, 'Tags and properties are JSON objects.') };
  if (!isJsonObject(value)) return invalid;
  const properties = value['properties'] ?? {};
  if (!isJsonObject(properties)) return invalid;
  const absent = kind === 'replace' ? {} : undefined;
  const [tags, desired] = [value['tags'] ?? absent, properties['desired'] ?? absent];
  if ((tags !== undefined && !isJsonObject(tags)) || (desired !== undefined && !isJsonObject(desired))) return invalid;
  return {
    write: {
      ...(tags === undefined ? {} : { tags }),
      ...(desired === undefined ? {} : { desired: withoutNotes(desired) }),
    },
  };
}

/** Clients send back `$metadata` and `$version` as they got them. */
function withoutNotes({ $metadata: _metadata, $version: _version, ...desired }: JsonObject): JsonObject {
  return desired;
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

function documentsOf(hub: Hub): readonly JsonObject[] {
  return hub.identities.all().flatMap((identity) => {
    const outcome = hub.twinOf(identity.deviceId);
    return 'problem' in outcome ? [] : [twinJson(outcome.twin, identity, hub)];
  });
}

/** A continuation token says where the next page begins. */
function tokenFor(start: number): string {
  return Buffer.from(JSON.stringify({ start })).toString('base64');
}

function startOf(token: string | undefined): number | undefined {
  if (token === undefined || token === '') return 0;
  const value = parseJson(Buffer.from(token, 'base64'))?.value;
  const start = isJsonObject(value) ? value['start'] : undefined;
  return typeof start === 'number' && Number.isSafeInteger(start) && start >= 0 ? start : undefined;
}

function secondsIn(value: unknown, least: number, absent: number): number | undefined {
  if (value === undefined || value === null) return absent;
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 300 ? value : undefined;
}

const longestPage = 100;
const methodNameShape = /^[\w.!$%&'*^`|~:@;=()-]{1,100}$/;
