import type { Duplex } from 'node:stream';
import type { MqttClient } from 'mqtt';
import { defined } from '../../../core/defined.ts';
import { done, failed, succeeded, type Result } from '../../../core/result.ts';
import { withinRealTime } from '../../../core/time/clock.ts';
import { writeDeviceSegment } from '../../../core/wire/device-segment.ts';
import { answerLimitMs } from '../dps-connection.ts';
import type { DeviceMessage } from '../wire.ts';
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
  async send(text: string): Promise<boolean> {
    if (this.#socket.closed) return false;
    const { deviceId } = this.#login;
    const sent = this.#client.publishAsync(`devices/${writeDeviceSegment(deviceId)}/messages/events/`, text, {
      qos: 1,
    });
    const ended = new Promise<boolean>((end) => {
      const closed = (): void => end(false);
      const answered = (isAccepted: boolean) => () => {
        this.#socket.removeListener('close', closed);
        end(isAccepted);
      };
      this.#socket.once('close', closed);
      sent.then(answered(true), answered(false));
    });
    return withinRealTime(ended, answerLimitMs, `the hub did not acknowledge the message of ${deviceId}`);
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
