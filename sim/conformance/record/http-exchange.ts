import type { TappedHttpReply, TappedHttpRequest } from '../../../core/cloud/wire-tap.ts';
import type { DpsRequest } from '../../../core/conformance/wire-event.ts';
import { defined } from '../../../core/defined.ts';
import type { ScriptAnswer } from '../script.ts';
import { jsonOf } from './json-of.ts';
import type { RecordSink } from './record-sink.ts';
import { tokenFacts } from './token-facts.ts';

/**
 * Records one HTTP request of a client and its reply. If the request goes to the device API of DPS, the script of the conformance run can
 * change the reply.
 */
export async function exchangeHttp(
  recorder: RecordSink,
  connection: number,
  request: TappedHttpRequest,
  answer: () => Promise<TappedHttpReply>,
): Promise<TappedHttpReply> {
  const dps = readDpsRequest(request, recorder.keys);
  if (dps === undefined) return exchangeOther(recorder, connection, request, answer);
  recorder.dpsRequest(connection, dps);
  const reply = await answer();
  const retryAfter = headerOf(reply, 'retry-after');
  const given = recorder.dpsAnswer(connection, dps, {
    status: reply.status,
    body: reply.body,
    ...defined({ retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter) }),
  });
  return given === 'drop' ? { status: 500, dropped: true } : rewritten(reply, given);
}

async function exchangeOther(
  recorder: RecordSink,
  connection: number,
  { method, host, url, headers, body }: TappedHttpRequest,
  answer: () => Promise<TappedHttpReply>,
): Promise<TappedHttpReply> {
  const reply = await answer();
  recorder.note({
    kind: 'http',
    connection,
    method,
    host,
    path: recorder.text((url.split('?')[0] ?? '').slice(0, 300)),
    bytes: body?.length ?? 0,
    status: reply.status,
    ...defined({ token: tokenFacts(headers['authorization'], recorder.keys) }),
  });
  return reply;
}

/** Reads `/{idScope}/registrations/{registrationId}[/register | /operations/{operationId}]`; undefined for another path. */
function readDpsRequest(
  { method, url, headers, body }: TappedHttpRequest,
  keys: readonly Uint8Array[],
): DpsRequest | undefined {
  const [path = '', query = ''] = url.split('?', 2);
  const found = /^\/[^/]+\/registrations\/([^/]+)(?:\/(register)|\/operations\/(.+))?$/i.exec(path);
  if (found === null) return undefined;
  const [, registrationId = '', register, operationId] = found;
  const text = headers['authorization'];
  const otherOperation = operationId === undefined ? 'lookup' : 'poll';
  return {
    operation: register !== undefined && method === 'PUT' ? 'register' : otherOperation,
    transport: 'https',
    registrationId: decoded(registrationId),
    apiVersion: new URLSearchParams(query).get('api-version') ?? '',
    bytes: body?.length ?? 0,
    hasToken: text !== undefined,
    ...defined({
      operationId: operationId === undefined ? undefined : decoded(operationId),
      body: jsonOf(body),
      token: tokenFacts(text, keys),
    }),
  };
}

function rewritten(reply: TappedHttpReply, given: ScriptAnswer): TappedHttpReply {
  const { 'Retry-After': _former, ...headers } = reply.headers ?? {};
  const { retryAfterSeconds, raw, status, body } = given;
  return {
    status,
    headers: {
      ...headers,
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
      ...(raw === undefined ? {} : { 'Content-Type': 'text/html' }),
    },
    ...(raw === undefined ? defined({ body }) : { body: undefined, raw: Buffer.from(raw) }),
  };
}

function headerOf({ headers = {} }: TappedHttpReply, name: string): string | undefined {
  return Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
