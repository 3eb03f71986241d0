import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { MqttClient } from 'mqtt';
import { defined } from '../../core/defined.ts';
import { withinRealTime } from '../../core/time/clock.ts';
import { writeDeviceSegment } from '../../core/wire/device-segment.ts';
import { answerLimitMs } from '../transports/dps-connection.ts';
import { connectMqtt, disconnectMqtt } from '../transports/mqtt-client.ts';

/** A hub as a device calls it, over a stream whose server was judged. */
interface HubCall {
  readonly hub: string;
  readonly deviceId: string;
  /** A token; undefined where the handshake said it all. */
  readonly password: string | undefined;
}

/** A connection of a device to its hub over MQTT, for as long as both sides keep it. */
export class HubLine {
  readonly #client: MqttClient;
  readonly #socket: Duplex;
  readonly #call: HubCall;

  private constructor(client: MqttClient, socket: Duplex, call: HubCall) {
    this.#client = client;
    this.#socket = socket;
    this.#call = call;
  }

  /** Returns a sentence where the hub does not let the device in. */
  static async open(socket: Duplex, call: HubCall): Promise<HubLine | string> {
    const { hub, deviceId, password } = call;
    const connected = await connectMqtt(socket, {
      clientId: deviceId,
      username: `${hub}/${deviceId}/?api-version=2021-04-12`,
      ...defined({ password }),
    });
    if (connected.kind === 'connected') return new HubLine(connected.client, socket, call);
    const how = connected.kind === 'refused' ? `CONNACK ${connected.returnCode}` : 'a closed connection';
    return `the hub answered with ${how}`;
  }

  get place(): { readonly hub: string; readonly deviceId: string } {
    return { hub: this.#call.hub, deviceId: this.#call.deviceId };
  }

  /** Sends one message. Returns whether the hub acknowledged it; it did not where it has ended the connection. */
  async send(text: string): Promise<boolean> {
    if (this.#socket.closed) return false;
    const { deviceId } = this.#call;
    const sent = this.#client.publishAsync(`devices/${writeDeviceSegment(deviceId)}/messages/events/`, text, {
      qos: 1,
    });
    const ended = Promise.race([
      sent.then(
        () => true,
        () => false,
      ),
      once(this.#socket, 'close').then(() => false),
    ]);
    return withinRealTime(ended, answerLimitMs, `the hub did not acknowledge the message of ${deviceId}`);
  }

  /** Hangs up, if the hub has not. */
  async close(): Promise<void> {
    if (this.#socket.closed) this.#client.end(true);
    else await disconnectMqtt(this.#client, this.#socket);
  }
}
