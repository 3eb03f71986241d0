import rhea from 'rhea';
import type { Millis } from '../../../../core/time/clock.ts';
import { hubInstant } from '../../../hub/hub-instant.ts';
import type { HubMessage } from '../../../hub/messages/hub-message.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import type { QueuedMessage } from '../../../hub/messages/message-queue.ts';
import { idText, type AmqpMessage } from '../amqp-message.ts';
import type { AmqpOutgoing } from '../amqp-outlet.ts';

/**
 * Converts an AMQP message of a device or to a device to the form of the hub. `iothub-ack` is an application property on the
 * wire and a system property at the hub.
 */
export function readHubMessage(message: AmqpMessage): HubMessage {
  const { body, system, messageId, correlationId } = message;
  const properties = new Map(
    Object.entries(message.properties).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
  const ack = properties.get('iothub-ack');
  properties.delete('iothub-ack');
  const created = instantIn(system['creation_time']);
  return {
    body,
    properties,
    ack,
    messageId: idText(messageId),
    correlationId: idText(correlationId),
    userId: textOf(system['user_id'], 'utf8'),
    to: textOf(system['to']),
    contentType: textOf(system['content_type']),
    contentEncoding: textOf(system['content_encoding']),
    expiresAt: instantIn(system['absolute_expiry_time']),
    creationTime: created === undefined ? undefined : hubInstant(created),
  };
}

/**
 * Returns the problem of a message whose body cannot be read as bytes.
 *
 * @param found kind of the body.
 */
export function unreadableBody(found: string): HubProblem {
  return saying(
    hubProblems.argumentInvalid,
    `The body is ${found}; send data sections, or one value that is a string or binary.`,
  );
}

/** Converts a message to a device from the form of the hub to AMQP. */
export function writeHubMessage(message: QueuedMessage, deviceId: string): AmqpOutgoing {
  const { messageId, correlationId, userId, contentType, contentEncoding, expiresAt, ack } = message;
  const fields: Readonly<Record<string, unknown>> = {
    delivery_count: message.deliveryCount,
    message_id: messageId,
    correlation_id: correlationId,
    user_id: userId === undefined ? undefined : Buffer.from(userId),
    to: message.to ?? `/devices/${deviceId}/messages/devicebound`,
    content_type: contentType,
    content_encoding: contentEncoding,
    absolute_expiry_time: expiresAt,
    message_annotations: {
      'x-opt-sequence-number': rhea.types.wrap_long(message.sequenceNumber),
      'x-opt-enqueued-time': rhea.types.wrap_timestamp(message.enqueuedAt),
    },
    application_properties: {
      ...Object.fromEntries(message.properties),
      ...(ack === undefined ? {} : { 'iothub-ack': ack }),
    },
    body: rhea.message.data_section(message.body),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Returns a property value as text, because the hub stores every property as text. */
function textOf(value: unknown, encoding: 'utf8' | 'base64' = 'base64'): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Buffer.isBuffer(value) ? value.toString(encoding) : undefined;
}

/** Returns the instant of an AMQP timestamp, which rhea reads as a Date. */
function instantIn(value: unknown): Millis | undefined {
  const instant = Number(value ?? Number.NaN);
  return Number.isFinite(instant) ? instant : undefined;
}
