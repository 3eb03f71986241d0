import type { Duplex } from 'node:stream';
import { MqttClient, type IClientOptions } from 'mqtt';
import { withinRealTime } from '../../../core/time/clock.ts';
import { answerLimitMs } from '../dps-connection.ts';
import { untilClosed } from '../until-closed.ts';

/** Result of a connection attempt: a client, a CONNACK return code, or `closed` if no CONNACK arrived. */
export type Connected =
  | { readonly kind: 'connected'; readonly client: MqttClient }
  | { readonly kind: 'refused'; readonly returnCode: number }
  | { readonly kind: 'closed' };

/**
 * Connects with MQTT 3.1.1 over a stream whose server the device has accepted. Never reconnects, because the device decides when to connect
 * again.
 * The connection has a clean session unless `options` says otherwise. Pings follow real time, so they also keep a connection open while
 * virtual time stands still.
 */
export async function connectMqtt(socket: Duplex, options: IClientOptions): Promise<Connected> {
  // A stream that has already ended emits nothing more, so the library would wait for its CONNACK.
  if (socket.destroyed) return { kind: 'closed' };
  const client = new MqttClient(() => socket, {
    protocolVersion: 4,
    clean: true,
    keepalive: keepAliveSeconds,
    reconnectPeriod: 0,
    // The library formats a dozen log sentences for each packet. This function discards them, because the history has the relevant events.
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

/** The keep-alive of the C SDK. A hub waits at most 1767 s for a client, so 1177 s is the longest that works. */
const keepAliveSeconds = 240;

/** Disconnects and waits until the connection is closed. */
export async function disconnectMqtt(client: MqttClient, socket: Duplex): Promise<void> {
  if (socket.closed) {
    client.end();
    return;
  }
  const closed = untilClosed(socket, 'the MQTT connection did not close');
  client.end();
  await closed;
}
