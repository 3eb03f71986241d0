import rhea from 'rhea';
import type { PartitionProperties } from '../../../event-hub/event-log.ts';
import { connectionAuthMethod } from '../../../event-hub/connection-auth-method.ts';
import type { StoredEvent } from '../../../event-hub/stored-event.ts';
import type { AmqpOutgoing } from '../amqp-outlet.ts';

/**
 * Returns an event in the form in which the built-in endpoint sends it. Omits properties that the device did not set.
 */
export function writeEvent({ sequenceNumber, offset, enqueuedAt, message }: StoredEvent): AmqpOutgoing {
  const annotations = {
    'iothub-connection-device-id': message.deviceId,
    'iothub-connection-module-id': message.moduleId,
    'iothub-connection-auth-method': connectionAuthMethod(message),
    'iothub-connection-auth-generation-id': message.generationId,
    'iothub-enqueuedtime': rhea.types.wrap_timestamp(enqueuedAt),
    'iothub-message-source': 'Telemetry',
    'iothub-creation-time-utc': message.creationTime,
    'iothub-interface-id': message.interfaceId,
    'iothub-outputname': message.outputName,
    'dt-subject': message.component,
    'dt-dataschema': message.modelId,
    'x-opt-sequence-number': rhea.types.wrap_long(sequenceNumber),
    'x-opt-offset': String(offset),
    'x-opt-enqueued-time': rhea.types.wrap_timestamp(enqueuedAt),
  };
  return present({
    message_id: message.messageId,
    correlation_id: message.correlationId,
    user_id: message.userId === undefined ? undefined : Buffer.from(message.userId),
    content_type: message.contentType,
    content_encoding: message.contentEncoding,
    absolute_expiry_time: message.expiresAt,
    message_annotations: present(annotations),
    application_properties: message.properties.size === 0 ? undefined : Object.fromEntries(message.properties),
    body: rhea.message.data_section(message.body),
  });
}

/** Returns the properties that tell a receiver the position of the end of its partition. */
export function trackedProperties(partition: PartitionProperties, now: number): Readonly<Record<string, unknown>> {
  return {
    last_enqueued_sequence_number: rhea.types.wrap_long(partition.lastSequenceNumber),
    last_enqueued_offset: String(partition.lastOffset),
    last_enqueued_time_utc: rhea.types.wrap_timestamp(partition.lastEnqueuedAt),
    runtime_info_retrieval_time_utc: rhea.types.wrap_timestamp(now),
  };
}

function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
