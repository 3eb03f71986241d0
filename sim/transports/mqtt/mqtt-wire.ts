import type { Duplex } from 'node:stream';
import { done, failed, type Result } from '../../../core/result.ts';
import type { DeviceMessage, Wire } from '../wire.ts';
import { HubConnection } from './hub-connection.ts';
import { openMqttDps } from './mqtt-dps.ts';

/** MQTT 3.1.1. */
export const mqttWire: Wire = {
  listener: 'mqtt',
  hasLogin: true,
  openDps: openMqttDps,
  sendToHub: sendOverMqtt,
};

/** Connects to a hub, sends one message and disconnects. */
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
