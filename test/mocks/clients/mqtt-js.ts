import { connectAsync, type MqttClient } from 'mqtt';
import type { Cloud } from '../../../core/cloud/cloud.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { pemOf } from './raw-https.ts';
import type { ConnectFields } from './raw-mqtt.ts';

/** Connects with mqtt.js, an independent client. The client does not reconnect. */
export function connectMqttJs(cloud: Cloud, { clientId = '', username, password }: ConnectFields): Promise<MqttClient> {
  return connectAsync({
    protocol: 'mqtts',
    host: '127.0.0.1',
    port: cloud.ports.mqtt,
    servername: globalEndpoint,
    ca: pemOf(cloud.serverRoot),
    clientId,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    clean: true,
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: 3000,
  });
}
