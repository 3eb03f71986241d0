import type { Duplex } from 'node:stream';
import type { MqttClient } from 'mqtt';
import { defined } from '../../../core/defined.ts';
import { done, failed, succeeded, type Result } from '../../../core/result.ts';
import { withinRealTime } from '../../../core/time/clock.ts';
import { writeDeviceSegment } from '../../../core/wire/device-segment.ts';
import { answerLimitMs } from '../dps-connection.ts';
import type { DeviceMessage } from '../wire.ts';
import { Inbox } from './inbox.ts';
import { connectMqtt, disconnectMqtt } from './mqtt-client.ts';

/** Login of a device at a hub, over a stream whose server the device has accepted. */
interface HubLogin {
  /** Host name of the hub. */
  readonly hub: string;
  readonly deviceId: string;
  /** A token; undefined if the client certificate of the handshake is the credential. */
  readonly password: string | undefined;
}

/** An MQTT connection of a device to its hub that stays open between messages. */
export class HubConnection {
  readonly #client: MqttClient;
  readonly #socket: Duplex;
  readonly #login: HubLogin;

  private constructor(client: MqttClient, socket: Duplex, login: HubLogin) {
    this.#client = client;
    this.#socket = socket;
    this.#login = login;
  }

  /** Connects to the hub. Fails if the hub rejects the device. */
  static async open(socket: Duplex, login: HubLogin): Promise<Result<HubConnection>> {
    const { hub, deviceId, password } = login;
    const connected = await connectMqtt(socket, {
      clientId: deviceId,
      // The session is persistent, as with the SDKs, so that messages wait at the hub while the device is away.
      clean: false,
      username: `${hub}/${deviceId}/?api-version=2021-04-12`,
      ...defined({ password }),
    });
    if (connected.kind === 'connected') return succeeded(new HubConnection(connected.client, socket, login));
    const answer = connected.kind === 'refused' ? `CONNACK ${connected.returnCode}` : 'a closed connection';
    return failed('hub-rejects', `the hub answered with ${answer}`);
  }

  get place(): Pick<HubLogin, 'hub' | 'deviceId'> {
    return { hub: this.#login.hub, deviceId: this.#login.deviceId };
  }

  /** Sends one message. Returns true if the hub acknowledged it, and false if the hub has ended the connection. */
  send(text: string): Promise<boolean> {
    return this.publish(`devices/${writeDeviceSegment(this.#login.deviceId)}/messages/events/`, text);
  }

  /**
   * Subscribes to a topic filter at QoS 1. Returns the messages that arrive from then on. Fails if the hub does not grant the
   * subscription.
   */
  async subscribe(filter: string): Promise<Result<Inbox>> {
    const inbox = new Inbox(this.#client, filter);
    const granted = this.#client.subscribeAsync(filter, { qos: 1 }).then(
      (grants) => grants.every(({ qos }) => qos < 128),
      () => false,
    );
    return (await this.#untilClosed(granted, `the hub did not answer the subscription to ${filter}`))
      ? succeeded(inbox)
      : failed('subscription-rejected', `the hub rejects a subscription to ${filter}`);
  }

  /** Publishes at QoS 1. Returns true if the hub acknowledged the message, and false if it ended the connection. */
  publish(topic: string, text: string): Promise<boolean> {
    const sent = this.#client.publishAsync(topic, text, { qos: 1 }).then(
      () => true,
      () => false,
    );
    return this.#untilClosed(sent, `the hub did not acknowledge a message to ${topic}`);
  }

  /** Waits for `work`, but not longer than the connection lasts. Returns false if the connection ends first. */
  async #untilClosed(work: Promise<boolean>, sentence: string): Promise<boolean> {
    if (this.#socket.closed) return false;
    const ended = new Promise<boolean>((end) => {
      const closed = (): void => end(false);
      this.#socket.once('close', closed);
      void work.then((isDone) => {
        this.#socket.removeListener('close', closed);
        end(isDone);
      });
    });
    return withinRealTime(ended, answerLimitMs, sentence);
  }

  /** Disconnects from the hub. Does nothing if the hub has already disconnected. */
  async close(): Promise<void> {
    if (this.#socket.closed) this.#client.end(true);
    else await disconnectMqtt(this.#client, this.#socket);
  }
}

/** Sends one message to a hub over a new connection and disconnects. */
export async function sendOverMqtt(
  stream: Duplex,
  { hub, deviceId, token, text }: DeviceMessage,
): Promise<Result<undefined>> {
  const opened = await HubConnection.open(stream, { hub, deviceId, password: token });
  if (!opened.ok) return opened;
  const isAccepted = await opened.value.send(text);
  await opened.value.close();
  return isAccepted ? done : failed('hub-ends-connection', 'the hub ended the connection and accepted no message');
}
