import type { Delivery, Receiver, Sender } from 'rhea';
import { eventHubNamespace } from '../../../../core/wire/event-hub-wire.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Transport } from '../../../../core/history/events.ts';
import { parseEventHubAudience } from '../../../event-hub/audience.ts';
import { parseEventPosition, type EventPosition } from '../../../event-hub/event-position.ts';
import type { Hub } from '../../../hub/hub.ts';
import { addressOf } from '../amqp-address.ts';
import type { AmqpControl } from '../amqp-connection.ts';
import type { AmqpMessage } from '../amqp-message.ts';
import type { Probation } from '../../shared/probation.ts';
import { answerManagement, refusalAnswer, statusWords } from './answer-management.ts';
import { parseEventHubAddress, type EventHubAddress } from './event-hub-address.ts';
import { EventHubClaims } from './event-hub-claims.ts';
import { eventHubError, eventHubRefusals, type EventHubRefusal } from './event-hub-error.ts';
import { PartitionOutlet } from './partition-outlet.ts';
import { readerWords } from './reader-words.ts';
import { ReplyLinks } from './reply-links.ts';

interface EventHubParts {
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly history: History;
  readonly transport: Transport;
  readonly probation: Probation;
  readonly control: AmqpControl;
  /** Calls `then` in a later turn of the event loop, after the connection has sent its buffered data. */
  readonly drained: (then: () => void) => void;
}

/** A connection to the Event Hubs namespace, with links to `$cbs` and `$management` and links that read partitions. */
export class EventHubSession {
  readonly #parts: EventHubParts;
  readonly #claims: EventHubClaims;
  readonly #tokenReplies: ReplyLinks;
  readonly #managementReplies: ReplyLinks;
  readonly #readers = new Set<PartitionOutlet>();

  constructor(parts: EventHubParts) {
    this.#parts = parts;
    this.#claims = new EventHubClaims(parts);
    const onOverflow = (): void =>
      parts.control.close({
        condition: 'amqp:resource-limit-exceeded',
        description: 'The client does not read the answers to its requests.',
      });
    this.#tokenReplies = new ReplyLinks(onOverflow);
    this.#managementReplies = new ReplyLinks(onOverflow);
  }

  /** Verifies a SASL `PLAIN` login. The user name is the name of a policy, and the password is its key. */
  logIn(policyName: string, key: string): boolean {
    const isAccepted = this.#claims.logIn(policyName, key);
    this.#note(`SASL PLAIN ${policyName.slice(0, 200)} → ${isAccepted ? 'ok' : 'auth'}`);
    return isAccepted;
  }

  /** Returns true if a message contains a token for this namespace. The link of the message names no service. */
  isFor({ properties: { operation, name } }: AmqpMessage): boolean {
    const audience = operation === 'put-token' ? parseEventHubAudience(name) : undefined;
    if (audience?.host === undefined || this.#parts.hubs.has(audience.host)) return false;
    return this.#claims.hubOf(audience.path[0] ?? '') !== undefined;
  }

  attached(link: Sender | Receiver): void {
    const text = addressOf(link);
    const address = parseEventHubAddress(text);
    if (address.kind === 'cbs' || address.kind === 'management') {
      if (!link.is_sender()) return;
      const replies = address.kind === 'cbs' ? this.#tokenReplies : this.#managementReplies;
      return replies.add(link as Sender);
    }
    const hub = this.#claims.hubOf(address.entity);
    const refusal =
      hub === undefined
        ? eventHubRefusals.noEntity(address.path.join('/'))
        : link.is_sender()
          ? this.#openReader(hub, address, link as Sender)
          : eventHubRefusals.noClaim('Send', address.path.join('/'));
    const how = refusal === undefined ? '' : ` → ${refusal.condition}: ${refusal.sentence}`;
    this.#note(`ATTACH ${link.is_sender() ? 'from' : 'to'} ${String(text).slice(0, 300)}${how}`);
    if (refusal !== undefined) link.close(eventHubError(refusal, hub));
  }

  message(message: AmqpMessage, link: Receiver, delivery: Delivery): void {
    const { kind } = parseEventHubAddress(addressOf(link));
    if (kind === 'cbs') {
      delivery.accept();
      this.#tokenReplies.answer(message, link, this.#putToken(message, link));
    } else if (kind === 'management') {
      delivery.accept();
      const { operation, type, name } = message.properties;
      this.#note(`MANAGEMENT ${String(operation)} ${String(type)} ${String(name)}`.slice(0, 300));
      this.#managementReplies.answer(message, link, answerManagement(message, this.#claims, namespaceHosts(link)));
    } else {
      delivery.release();
    }
  }

  detached(): void {
    for (const reader of this.#readers) if (!reader.link.is_open()) reader.end();
    this.#tokenReplies.prune();
    this.#managementReplies.prune();
  }

  ended(): void {
    for (const reader of this.#readers) reader.end();
  }

  #putToken({ properties, body }: AmqpMessage, link: Receiver) {
    const { operation, type, name } = properties;
    const hub = this.#claims.hubOf(parseEventHubAudience(name)?.path[0] ?? '');
    const refusal = this.#judgeToken(operation, type, name, body.toString('utf8'), link);
    this.#note(`PUT-TOKEN ${String(name).slice(0, 300)} → ${refusal?.status ?? 202}`);
    // Event Hubs answers with "Accepted", an IoT hub with "OK".
    return refusal === undefined
      ? { application_properties: statusWords(202, 'Accepted') }
      : refusalAnswer(refusal, hub);
  }

  #judgeToken(
    operation: unknown,
    type: unknown,
    name: unknown,
    token: string,
    link: Receiver,
  ): EventHubRefusal | undefined {
    if (operation !== 'put-token') return eventHubRefusals.badRequest('Expected the operation put-token.');
    // The built-in endpoint accepts only shared access signatures, and no tokens of Entra ID.
    if (type !== 'servicebus.windows.net:sastoken') {
      return eventHubRefusals.noClaim('Listen', parseEventHubAudience(name)?.path.join('/') ?? '');
    }
    return this.#claims.putToken(name, token, namespaceHosts(link));
  }

  #openReader(hub: Hub, address: EventHubAddress, link: Sender): EventHubRefusal | undefined {
    if (address.kind !== 'partition') {
      return address.kind === 'entity' ? eventHubRefusals.noSuchReader(address.path.join('/')) : undefined;
    }
    const { consumerGroup, partitionId, path } = address;
    const refusal = (): EventHubRefusal | undefined => this.#claims.refusalAt(hub, path);
    const unauthorized = refusal();
    if (unauthorized !== undefined) return unauthorized;
    const { events } = hub;
    if (!events.hasConsumerGroup(consumerGroup)) return eventHubRefusals.noConsumerGroup(consumerGroup, events.name);
    const partition = events.partition(partitionId);
    const readers = events.readers(consumerGroup, partitionId);
    if (partition === undefined || readers === undefined) {
      return eventHubRefusals.noPartition(events.partitionIds.length);
    }
    const words = readerWords(link);
    const position: EventPosition | undefined =
      words.filter === undefined ? { by: 'earliest' } : parseEventPosition(words.filter);
    if (position === undefined) return eventHubRefusals.badFilter(words.filter ?? '');
    const start = partition.resolve(position);
    if (!start.ok) {
      const isOffset = position.by === 'offset';
      const value = 'value' in position ? position.value : -1;
      return eventHubRefusals.beyond(isOffset ? 'offset' : 'sequence number', value, start.failure.last);
    }
    const reader = new PartitionOutlet({
      ...words,
      hub,
      partition,
      link,
      start: start.value,
      refusal,
      drained: this.#parts.drained,
      left: (gone) => {
        readers.leave(gone);
        this.#readers.delete(gone);
      },
    });
    const refused = readers.admit(reader);
    if (refused !== undefined) {
      const condition = refused.kind === 'owned' ? 'amqp:link:stolen' : 'amqp:resource-limit-exceeded';
      return { condition, sentence: refused.sentence, status: 400 };
    }
    this.#readers.add(reader);
    reader.start();
    return undefined;
  }

  #note(message: string): void {
    const { history, transport } = this.#parts;
    history.record({ kind: 'wire', door: transport, from: 'service', to: eventHubNamespace, message });
  }
}

/**
 * Returns the host names by which a client may call the namespace. One name is the real name of the namespace. The
 * other is the host for which the client opened the connection, such as `localhost`.
 */
function namespaceHosts(link: Receiver): readonly string[] {
  const opened = (link.connection.hostname ?? '').toLowerCase().replace(/:\d+$/, '');
  return [eventHubNamespace, opened];
}
