import rhea from 'rhea';
import type { Hub } from '../../../hub/hub.ts';
import type { AmqpOutgoing } from '../amqp-outlet.ts';
import type { AmqpMessage } from '../amqp-message.ts';
import type { EventHubClaims } from './event-hub-claims.ts';
import { eventHubDescription, eventHubRefusals, type EventHubRefusal } from './event-hub-error.ts';

/**
 * Answers a request at `$management`: READ of `com.microsoft:eventhub` or of `com.microsoft:partition`.
 *
 * @param hosts host names of the namespace.
 */
export function answerManagement(
  { properties }: AmqpMessage,
  claims: EventHubClaims,
  hosts: readonly string[],
): AmqpOutgoing {
  const name = textOf(properties['name']);
  const hub = claims.hubOf(name);
  const outcome = hub === undefined ? eventHubRefusals.noEntity(name) : read(hub, properties, claims, hosts);
  if ('condition' in outcome) return refusalAnswer(outcome, hub);
  return { application_properties: statusWords(200, 'OK'), body: outcome.body };
}

/** Returns the answer message for a refusal. */
export function refusalAnswer({ status, condition, sentence }: EventHubRefusal, hub: Hub | undefined): AmqpOutgoing {
  return {
    application_properties: {
      ...statusWords(status, eventHubDescription(sentence, hub)),
      'error-condition': rhea.types.wrap_symbol(condition),
    },
  };
}

export function statusWords(status: number, description: string): Readonly<Record<string, unknown>> {
  return { 'status-code': rhea.types.wrap_int(status), 'status-description': description };
}

function read(
  hub: Hub,
  properties: AmqpMessage['properties'],
  claims: EventHubClaims,
  hosts: readonly string[],
): { readonly body: Readonly<Record<string, unknown>> } | EventHubRefusal {
  const refusal = claims.managementRefusal(hub, properties['security_token'], hosts);
  if (refusal !== undefined) return refusal;
  const operation = textOf(properties['operation']);
  if (operation.toUpperCase() !== 'READ') {
    return eventHubRefusals.badRequest(`Unknown operation "${operation}"; expected READ.`);
  }
  const type = textOf(properties['type']).toLowerCase();
  if (type === 'com.microsoft:eventhub') return { body: hubInformation(hub) };
  if (type !== 'com.microsoft:partition') {
    return eventHubRefusals.badRequest(`Unknown type "${type}"; expected com.microsoft:eventhub or :partition.`);
  }
  return partitionInformation(hub, textOf(properties['partition']));
}

function hubInformation({ events }: Hub): Readonly<Record<string, unknown>> {
  const { partitionIds } = events;
  return {
    name: events.name,
    type: 'com.microsoft:eventhub',
    created_at: rhea.types.wrap_timestamp(events.createdAt),
    partition_count: rhea.types.wrap_int(partitionIds.length),
    // The Java client requires that this value is an array of strings.
    partition_ids: rhea.types.wrap_array(partitionIds, stringCode, undefined),
    georeplication_factor: rhea.types.wrap_int(1),
  };
}

function partitionInformation(
  { events }: Hub,
  partitionId: string,
): { readonly body: Readonly<Record<string, unknown>> } | EventHubRefusal {
  const partition = events.partition(partitionId)?.properties();
  if (partition === undefined) return eventHubRefusals.noPartition(events.partitionIds.length);
  return {
    body: {
      name: events.name,
      type: 'com.microsoft:partition',
      partition: partitionId,
      begin_sequence_number: rhea.types.wrap_long(partition.beginningSequenceNumber),
      last_enqueued_sequence_number: rhea.types.wrap_long(partition.lastSequenceNumber),
      last_enqueued_offset: String(partition.lastOffset),
      last_enqueued_time_utc: rhea.types.wrap_timestamp(partition.lastEnqueuedAt),
      is_partition_empty: partition.isEmpty,
    },
  };
}

/** str8-utf8. */
const stringCode = 0xa1;

/** Returns a value as text, because clients send partitions as text or as number, and names in any letter case. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : '';
}
