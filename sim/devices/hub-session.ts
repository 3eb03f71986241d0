import type { Duplex } from 'node:stream';
import { withinRealTime } from '../../core/clock.ts';
import type { Network } from '../network.ts';
import { sendOverAmqp } from '../transports/amqp-hub.ts';
import { connectMqtt, disconnectMqtt } from '../transports/mqtt-client.ts';
import { answerLimitMs } from '../transports/dps-connection.ts';
import { openStream } from '../transports/open-stream.ts';
import type { Device } from './device.ts';
import { attestations } from './index.ts';

/** How a visit to the hub ended. */
export type HubVisit =
  | { readonly telemetry: 'accepted' }
  | { readonly telemetry: 'refused' | 'none'; readonly sentence: string };

/**
 * Connects to the hub with the credential that the device earned and sends one telemetry message. Only a message that the
 * hub acknowledged counts as accepted.
 */
export async function visitHub(
  device: Device,
  { hub, deviceId }: { readonly hub: string; readonly deviceId: string },
  network: Network,
): Promise<HubVisit> {
  // Behind a fence that lets only some protocols through, the hub is beyond the same fence; nobody has a hub by HTTPS alone.
  const transport = device.transport === 'https' ? 'mqtt' : device.transport;
  const peer = network.peer(device, hub, transport);
  if (peer === undefined) return { telemetry: 'none', sentence: `no host ${hub}` };
  const socket = await openStream(peer, network.history);
  if (socket === undefined) return { telemetry: 'none', sentence: 'the device itself would not go on' };
  // With an issued certificate the handshake says it all, whatever the device registered with.
  const password =
    device.flash.issued === undefined
      ? await attestations[device.attestation].hubToken(device, `${hub}/devices/${deviceId}`)
      : undefined;
  const text = JSON.stringify({ hello: deviceId });
  return transport === 'amqp' || transport === 'amqp-ws'
    ? visitOverAmqp(socket, { hub, deviceId, token: password, text })
    : visitOverMqtt(socket, { hub, deviceId, password, text });
}

async function visitOverAmqp(stream: Duplex, call: Parameters<typeof sendOverAmqp>[1]): Promise<HubVisit> {
  const answer = await sendOverAmqp(stream, call);
  return answer === 'accepted'
    ? { telemetry: 'accepted' }
    : { telemetry: 'refused', sentence: `the hub answered with ${answer.refusal}` };
}

async function visitOverMqtt(
  socket: Duplex,
  {
    hub,
    deviceId,
    password,
    text,
  }: {
    readonly hub: string;
    readonly deviceId: string;
    readonly password: string | undefined;
    readonly text: string;
  },
): Promise<HubVisit> {
  const connected = await connectMqtt(socket, {
    clientId: deviceId,
    username: `${hub}/${deviceId}/?api-version=2021-04-12`,
    ...(password === undefined ? {} : { password }),
  });
  if (connected.kind !== 'connected') {
    const how = connected.kind === 'refused' ? `CONNACK ${connected.returnCode}` : 'a closed connection';
    return { telemetry: 'refused', sentence: `the hub answered with ${how}` };
  }
  const sent = connected.client.publishAsync(`devices/${deviceId}/messages/events/`, text, { qos: 1 });
  await withinRealTime(sent, answerLimitMs, `the hub did not acknowledge the message of ${deviceId}`);
  await disconnectMqtt(connected.client, socket);
  return { telemetry: 'accepted' };
}
