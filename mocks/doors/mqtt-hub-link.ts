import type { Client } from 'aedes';
import type { DeviceConnection } from '../hub/device-connection.ts';
import type { DeviceLink, Interest } from '../hub/device-link.ts';
import { grantedQos } from './aedes-client.ts';
import { hubTopics } from './mqtt-hub-topics.ts';
import { publishPacket } from './mqtt-publish.ts';
import { writePropertyBag } from './property-bag.ts';

/** The wire to one device over MQTT. */
export class MqttHubLink implements DeviceLink {
  readonly door: DeviceLink['door'];
  readonly #client: Client;
  readonly #deviceId: string;
  readonly #note: (message: string) => void;
  /** Lock tokens of the messages that wait for their PUBACK. */
  readonly #unacknowledged = new Map<number, string>();
  #packetId = 0;

  /** @param note writes down what goes to the device. */
  constructor(client: Client, deviceId: string, door: DeviceLink['door'], note: (message: string) => void) {
    this.door = door;
    this.#client = client;
    this.#deviceId = deviceId;
    this.#note = note;
  }

  listens(to: Interest): boolean {
    return grantedQos(this.#client, this.#filter(to)) !== undefined;
  }

  deliver(message: Parameters<DeviceLink['deliver']>[0]): void {
    const to = `/devices/${this.#deviceId}/messages/deviceBound`;
    const topic = hubTopics.message(this.#deviceId, writePropertyBag({ ...message, to: message.to ?? to }));
    if (Buffer.byteLength(topic) > 0xffff) {
      // MQTT has no topic for so many properties.
      this.connection?.settle(message.lockToken, 'reject');
    } else if (grantedQos(this.#client, this.#filter('messages')) === 1) {
      this.#packetId = (this.#packetId % 0xffff) + 1;
      this.#unacknowledged.set(this.#packetId, message.lockToken);
      this.#send(topic, message.body, this.#packetId);
    } else {
      this.#send(topic, message.body);
      // Nobody acknowledges at QoS 0: sent is done.
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

  /** The device has acknowledged a packet. */
  acknowledged(packetId: number): void {
    const lockToken = this.#unacknowledged.get(packetId);
    this.#unacknowledged.delete(packetId);
    if (lockToken !== undefined) this.connection?.settle(lockToken, 'complete');
  }

  /** Answers a twin request of the device, if it listens to answers. */
  answer(status: number, rid: string, body: unknown, version?: number): void {
    if (grantedQos(this.#client, hubTopics.answers) === undefined) return;
    const payload = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
    this.#send(hubTopics.answer(status, rid, version), payload);
  }

  /** Set as soon as the hub has let the device in. */
  connection: DeviceConnection | undefined;

  #send(topic: string, payload: Buffer, packetId?: number): void {
    this.#note(`PUBLISH ${topic} ${payload.toString('utf8').slice(0, 200)}`);
    if (!this.#client.conn.destroyed) this.#client.conn.write(publishPacket(topic, payload, packetId));
  }

  #filter(to: Interest): string {
    return to === 'messages' ? hubTopics.messages(this.#deviceId) : hubTopics[to];
  }
}
