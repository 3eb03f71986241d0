import type { Client } from 'aedes';
import { writeDeviceSegment } from '../../../../core/wire/device-segment.ts';
import type { DeviceConnection } from '../../../hub/device-connection.ts';
import type { CredentialAnswer, DeviceLink, Interest } from '../../../hub/device-link.ts';
import { subscriptionsOf } from '../aedes-client.ts';
import type { FidelitySettings } from '../../../../core/cloud/fidelity.ts';
import { pluralCredentialFilter, readHubFilter, type Heard } from './hub-filter.ts';
import { hubTopics } from './hub-topics.ts';
import type { PacketIds } from './packet-ids.ts';
import { publishPacket } from '../mqtt-publish.ts';
import { writePropertyBag } from '../property-bag.ts';

/** The connection to one device over MQTT. */
export class MqttHubLink implements DeviceLink {
  readonly transport: DeviceLink['transport'];
  readonly packetIds: PacketIds;
  readonly #client: Client;
  readonly #deviceId: string;
  readonly #mayEncode: boolean;
  readonly #credentialSuffix: FidelitySettings['credentialAnswerSuffix'];
  readonly #note: (message: string) => void;
  /** Lock tokens of messages whose PUBACK has not arrived yet, by packet identifier. */
  readonly #unacknowledged = new Map<number, string>();

  constructor({ client, deviceId, transport, mayEncode, credentialSuffix, packetIds, note }: Parts) {
    this.transport = transport;
    this.packetIds = packetIds;
    this.#client = client;
    this.#deviceId = deviceId;
    this.#mayEncode = mayEncode;
    this.#credentialSuffix = credentialSuffix;
    this.#note = note;
  }

  listens(to: Interest): boolean {
    return this.hears(to);
  }

  /** Returns true if a subscription of the device includes this kind of message. */
  hears(kind: Heard): boolean {
    return this.#held(kind) !== undefined;
  }

  deliver(message: Parameters<DeviceLink['deliver']>[0]): void {
    const to = `/devices/${this.#deviceId}/messages/deviceBound`;
    const held = this.#held('messages');
    const segment = held?.deviceSegment ?? '+';
    // The topic must match the filter, so it contains the device ID in the same encoding as the filter.
    const topicSegment = segment === '+' ? writeDeviceSegment(this.#deviceId) : segment;
    const topic = hubTopics.message(topicSegment, writePropertyBag({ ...message, to: message.to ?? to }));
    if (Buffer.byteLength(topic) > 0xffff) {
      // Rejects the message if its topic is too long for MQTT.
      this.connection?.settle(message.lockToken, 'reject');
    } else if (held?.qos === 1) {
      const packetId = this.packetIds.of(message.sequenceNumber);
      this.#unacknowledged.set(packetId, message.lockToken);
      this.#send(topic, message.body, { packetId, isAgain: message.deliveries > 1 });
    } else {
      this.#send(topic, message.body);
      // At QoS 0 the device does not acknowledge the message, so the hub treats the message as complete after sending.
      this.connection?.settle(message.lockToken, 'complete');
    }
  }

  desired(patch: Readonly<Record<string, unknown>>, version: number): void {
    const body = Buffer.from(JSON.stringify({ ...patch, $version: version }));
    this.#send(hubTopics.desiredChange(version), body);
  }

  invoke({ methodName, requestId, payload }: Parameters<DeviceLink['invoke']>[0]): void {
    this.#send(hubTopics.method(methodName, requestId), Buffer.from(JSON.stringify(payload ?? null)));
  }

  close(): void {
    this.#client.conn.destroy();
  }

  answerCredential({ status, rid, body }: CredentialAnswer): void {
    const topics = subscriptionsOf(this.#client).map(({ topic }) => topic);
    const word = topics.includes(pluralCredentialFilter) ? 'credentials' : 'credential';
    const suffix = this.#credentialSuffix === 'version' ? '&$version=1' : '';
    this.#send(hubTopics.credential(word, status, rid, suffix), Buffer.from(JSON.stringify(body)));
  }

  /** Handles the PUBACK of a packet. */
  acknowledged(packetId: number): void {
    const lockToken = this.#unacknowledged.get(packetId);
    this.#unacknowledged.delete(packetId);
    this.packetIds.free(packetId);
    if (lockToken !== undefined) this.connection?.settle(lockToken, 'complete');
  }

  /** Answers a twin request of the device, if the device is subscribed to answers. */
  answer(status: number, rid: string, body: unknown, version?: number): void {
    if (!this.hears('answers')) return;
    const payload = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
    this.#send(hubTopics.answer(status, rid, version), payload);
  }

  /** The connection of the device; set when the hub has accepted the device. */
  connection: DeviceConnection | undefined;

  #send(topic: string, payload: Buffer, numbered?: Parameters<typeof publishPacket>[2]): void {
    this.#note(`PUBLISH ${topic} ${payload.toString('utf8').slice(0, 200)}`);
    if (this.#client.conn.writable) this.#client.conn.write(publishPacket(topic, payload, numbered));
  }

  /** Returns the subscription with the highest QoS that includes this kind of message; undefined if there is none. */
  #held(to: Heard): { readonly qos: number; readonly deviceSegment?: string } | undefined {
    return subscriptionsOf(this.#client)
      .flatMap(({ topic, qos }) => {
        const filter = readHubFilter(topic, this.#deviceId, this.#mayEncode);
        return filter?.hears.includes(to) === true ? [{ qos, ...filter }] : [];
      })
      .toSorted((one, other) => other.qos - one.qos)[0];
  }
}

interface Parts {
  readonly client: Client;
  readonly deviceId: string;
  readonly transport: DeviceLink['transport'];
  /** True if the device ID may be percent-encoded in topics. */
  readonly mayEncode: boolean;
  /** Form of the topics of answers to certificate requests. */
  readonly credentialSuffix: FidelitySettings['credentialAnswerSuffix'];
  readonly packetIds: PacketIds;
  /** Records in the history that the hub sent a message to the device. */
  readonly note: (message: string) => void;
}
