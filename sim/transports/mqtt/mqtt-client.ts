import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { MqttClient, type IClientOptions } from 'mqtt';
import { withinRealTime } from '../../../core/time/clock.ts';
import { answerLimitMs } from '../dps-connection.ts';

/** How a connection attempt ended: a client, or the CONNACK return code, or `closed` where there was no CONNACK. */
export type Connected =
  | { readonly kind: 'connected'; readonly client: MqttClient }
  | { readonly kind: 'refused'; readonly returnCode: number }
  | { readonly kind: 'closed' };

/** Speaks MQTT 3.1.1 on a connection whose server has been judged. Never reconnects: the device decides that. */
export async function connectMqtt(socket: Duplex, options: IClientOptions): Promise<Connected> {
  const client = new MqttClient(() => socket, {
    protocolVersion: 4,
    clean: true,
    // Virtual time may stand for long while nothing is sent; a ping would tell nothing.
    keepalive: 0,
    reconnectPeriod: 0,
    // Its own log formats a dozen sentences per packet, read or not; what matters is in the history.
    log: () => {},
    ...options,
  });
  const ended = new Promise<Connected>((done) => {
    client.once('connect', () => done({ kind: 'connected', client }));
    client.on('error', (error) => {
      if ('code' in error && typeof error.code === 'number') done({ kind: 'refused', returnCode: error.code });
    });
    client.once('close', () => done({ kind: 'closed' }));
  });
  const connected = await withinRealTime(ended, answerLimitMs, `no CONNACK for ${String(options.clientId)}`);
  if (connected.kind !== 'connected') client.end(true);
  return connected;
}

/** Disconnects and waits until the connection is gone. */
export async function disconnectMqtt(client: MqttClient, socket: Duplex): Promise<void> {
  const closed: Promise<unknown> = socket.closed ? Promise.resolve() : once(socket, 'close');
  client.end();
  await withinRealTime(closed, answerLimitMs, 'the MQTT connection did not close');
}
