import { isoInstant } from '../../../../core/time/clock.ts';
import { eventHubNamespace } from '../../../../core/wire/event-hub-wire.ts';
import type { Hub } from '../../../hub/hub.ts';

/** A refusal of Event Hubs. `sentence` is the description without the suffix that Event Hubs adds to every description. */
export interface EventHubRefusal {
  readonly condition: string;
  readonly sentence: string;
  /** Status in the answer to a put-token or management request. */
  readonly status: 400 | 401 | 404;
}

/** The refusals of Event Hubs. Client libraries and their issues quote these messages (docs/fidelity.md). */
export const eventHubRefusals = {
  noEntity: (path: string): EventHubRefusal => ({
    condition: 'amqp:not-found',
    status: 404,
    sentence: `The messaging entity 'sb://${eventHubNamespace}/${path}' could not be found. To know more visit https://aka.ms/sbResourceMgrExceptions.`,
  }),
  noConsumerGroup: (name: string, entity: string): EventHubRefusal => ({
    condition: 'amqp:not-found',
    status: 404,
    sentence: `The messaging entity '${eventHubNamespace}:eventhub:${entity}|${name}' could not be found. To know more visit https://aka.ms/sbResourceMgrExceptions.`,
  }),
  noPartition: (count: number): EventHubRefusal => ({
    condition: 'com.microsoft:argument-out-of-range',
    status: 400,
    sentence: `The specified partition is invalid for an EventHub partition sender or receiver. It should be between 0 and ${count - 1}.`,
  }),
  noClaim: (claim: 'Listen' | 'Send' | 'Manage,EventHub', path: string): EventHubRefusal => ({
    condition: 'amqp:unauthorized-access',
    status: 401,
    sentence: `Unauthorized access. '${claim}' claim(s) are required to perform this operation. Resource: 'sb://${eventHubNamespace}/${path}'.`,
  }),
  expired: (at: number): EventHubRefusal => ({
    condition: 'amqp:unauthorized-access',
    status: 401,
    sentence: `ExpiredToken: The token is expired. Expiration time: '${isoInstant(at)}'.`,
  }),
  noSuchReader: (path: string): EventHubRefusal => ({
    condition: 'amqp:not-allowed',
    status: 400,
    sentence: `A client cannot receive from '${path}'. Receive from {entity}/ConsumerGroups/{group}/Partitions/{id}.`,
  }),
  badFilter: (filter: string): EventHubRefusal => ({
    condition: 'amqp:invalid-field',
    status: 400,
    sentence: `The filter "${filter}" is not a position. Expected amqp.annotation.x-opt-offset, x-opt-sequence-number or x-opt-enqueued-time with > or >= and a value.`,
  }),
  beyond: (what: 'offset' | 'sequence number', value: number, last: number): EventHubRefusal => ({
    condition: 'com.microsoft:argument-error',
    status: 400,
    sentence: `The supplied ${what} '${value}' is invalid. The last ${what} in the system is '${last}'.`,
  }),
  badRequest: (sentence: string): EventHubRefusal => ({
    condition: 'com.microsoft:argument-error',
    status: 400,
    sentence,
  }),
} as const;

/** Adds the suffix of Event Hubs to a description: tracking ID, system tracker, and time without milliseconds. */
export function eventHubDescription(sentence: string, hub: Hub | undefined): string {
  if (hub === undefined) return sentence;
  const tracking = hub.random.bytes(16).toString('hex');
  const at = isoInstant(hub.now()).slice(0, 19);
  return `${sentence} TrackingId:${tracking}_G0, SystemTracker:${eventHubNamespace}:eventhub:${hub.events.name}, Timestamp:${at}`;
}

/** Returns the AMQP error with which Event Hubs refuses or closes a link. */
export function eventHubError(
  { condition, sentence }: Pick<EventHubRefusal, 'condition' | 'sentence'>,
  hub: Hub | undefined,
): { readonly condition: string; readonly description: string } {
  return { condition, description: eventHubDescription(sentence, hub) };
}
