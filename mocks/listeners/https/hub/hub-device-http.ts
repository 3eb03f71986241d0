import { isoInstant, parseInstant } from '../../../../core/time/clock.ts';
import type { Admission } from '../../../hub/admission.ts';
import { faultOperationIn } from '../../../hub/fault-operation.ts';
import type { HubMessage } from '../../../hub/messages/hub-message.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import type { QueuedMessage, Settlement } from '../../../hub/messages/message-queue.ts';
import type { HubCall, HubReply } from './hub-reply.ts';
import { ifMatchOf } from '../if-match.ts';
import { parseJson } from '../../shared/parse-json.ts';

/**
 * The requests of a device to its hub over HTTPS. Each request is independent, so the hub does not report the device as
 * connected.
 */
export const deviceHttp = {
  sendEvents: ({ hub, request }: HubCall, admission: Admission): HubReply => {
    const { body } = request;
    if (body === undefined) return { problem: hubProblems.messageTooLarge };
    const isBatch = /^application\/vnd\.microsoft\.iothub\.json\b/i.test(request.headers['content-type'] ?? '');
    const messages = isBatch ? readBatch(body) : [{ body, ...readHeaders(request.headers) }];
    if (messages === undefined)
      return {
        problem: saying(
          hubProblems.argumentInvalid,
          'The body must be a list of messages, each an object with body in base64.',
        ),
      };
    for (const message of messages) {
      const problem = hub.receive(admission, message) ?? orderedProblem(message);
      if (problem !== undefined) return { problem };
    }
    return { status: 204 };
  },

  /**
   * Returns a message and locks it for a minute. If the device does not settle the message in this time, the message
   * returns to the queue.
   */
  receive: ({ hub, deviceId }: HubCall): HubReply => {
    const message = hub.queueOf(deviceId).take(lockMs);
    return message === undefined
      ? { status: 204 }
      : { status: 200, headers: writeHeaders(message, deviceId), raw: message.body };
  },

  complete: (call: HubCall): HubReply => settle(call, call.request.query.has('reject') ? 'reject' : 'complete'),

  abandon: (call: HubCall): HubReply => settle(call, 'abandon'),
} as const;

function settle({ hub, request, deviceId }: HubCall, settlement: Settlement): HubReply {
  const lockToken = request.path[4] ?? ifMatchOf(request) ?? '';
  return hub.queueOf(deviceId).settle(lockToken, settlement) ? { status: 204 } : { problem: hubProblems.lockLost };
}

type Described = Omit<HubMessage, 'body'>;

function readHeaders(headers: Readonly<Record<string, string | undefined>>): Described {
  const expiry = headers['iothub-expiry'];
  return {
    messageId: headers['iothub-messageid'],
    correlationId: headers['iothub-correlationid'],
    userId: headers['iothub-userid'],
    to: headers['iothub-to'],
    contentType: headers['iothub-contenttype'],
    contentEncoding: headers['iothub-contentencoding'],
    expiresAt: expiry === undefined ? undefined : parseInstant(expiry),
    properties: applicationProperties(Object.entries(headers)),
  };
}

/** Reads a list of messages in one body: `[{"body": base64, "base64Encoded"?: false, "properties"?: {"iothub-app-…": …}}]`. */
function readBatch(body: Buffer): readonly HubMessage[] | undefined {
  const list = parseJson(body)?.value;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const messages = list.map((each) => {
    if (!isJsonObject(each) || typeof each['body'] !== 'string') return undefined;
    const properties = each['properties'] ?? {};
    if (!isJsonObject(properties)) return undefined;
    const texts = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const encoding = each['base64Encoded'] === false ? 'utf8' : 'base64';
    const names = applicationProperties(Object.entries(properties).map(([name, value]) => [name, String(value)]));
    return { ...readHeaders(texts), body: Buffer.from(each['body'], encoding), properties: names };
  });
  return messages.includes(undefined) ? undefined : messages.filter((each) => each !== undefined);
}

function applicationProperties(
  fields: readonly (readonly [string, string | undefined])[],
): ReadonlyMap<string, string> {
  return new Map(
    fields.flatMap(([name, value]) => {
      const own = /^iothub-app-(.+)$/i.exec(name)?.[1];
      return own === undefined || value === undefined ? [] : [[canonical(own), value] as const];
    }),
  );
}

/** Restores the letter case of the properties that request a fault, because HTTP does not preserve the case of header names. */
function canonical(name: string): string {
  return faultProperties.find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
}

const faultProperties = [
  'AzIoTHub_FaultOperationType',
  'AzIoTHub_FaultOperationCloseReason',
  'AzIoTHub_FaultOperationDurationInSecs',
] as const;

/** Returns the problem of a fault that a message requests. Over HTTPS the fault applies only to this request. */
function orderedProblem(message: HubMessage): HubProblem | undefined {
  const kind = faultOperationIn(message)?.kind;
  return kind === 'close' ? undefined : kind;
}

/** Returns the headers for a message. Omits properties that HTTP headers cannot contain. */
function writeHeaders(message: QueuedMessage, deviceId: string): Readonly<Record<string, string>> {
  const { messageId, correlationId, userId, expiresAt, contentType, contentEncoding, ack } = message;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['ETag', `"${message.lockToken}"`],
    ['iothub-messageid', messageId],
    ['iothub-correlationid', correlationId],
    ['iothub-userid', userId],
    ['iothub-to', message.to ?? `/devices/${deviceId}/messages/deviceBound`],
    ['iothub-contenttype', contentType],
    ['iothub-contentencoding', contentEncoding],
    ['iothub-ack', ack],
    ['iothub-expiry', expiresAt === undefined ? undefined : isoInstant(expiresAt)],
    ['iothub-sequencenumber', String(message.sequenceNumber)],
    ['iothub-enqueuedtime', isoInstant(message.enqueuedAt)],
    ['iothub-deliverycount', String(message.deliveryCount)],
    ...[...message.properties].map(([name, value]) => [`iothub-app-${name}`, value] as const),
  ];
  return Object.fromEntries(
    fields.filter((field): field is [string, string] => field[1] !== undefined && isHeader(field[0], field[1])),
  );
}

function isHeader(name: string, value: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(value);
}

const lockMs = 60_000;
