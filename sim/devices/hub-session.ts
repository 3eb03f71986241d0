import type { Duplex } from 'node:stream';
import type { Transport } from '../../core/history/events.ts';
import type { Network } from '../world/network.ts';
import { sendOverAmqp } from '../transports/amqp-hub.ts';
import { openStream } from '../transports/open-stream.ts';
import type { Device } from './device.ts';
import { HubLine } from './hub-line.ts';
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
  const called = await callHub(device, { hub, deviceId }, transport, network);
  if ('sentence' in called) return called;
  const { socket, password } = called;
  const text = greeting(deviceId);
  return transport === 'amqp' || transport === 'amqp-ws'
    ? visitOverAmqp(socket, { hub, deviceId, token: password, text })
    : visitOverMqtt(socket, { hub, deviceId, password, text });
}

/** A message as a device sends it when it has come into service. */
export function greeting(deviceId: string): string {
  return JSON.stringify({ hello: deviceId });
}

/** Opens a stream to a hub whose server the device believes, and makes what it shows there. */
export async function callHub(
  device: Device,
  { hub, deviceId }: { readonly hub: string; readonly deviceId: string },
  transport: Transport,
  network: Network,
): Promise<
  | { readonly socket: Duplex; readonly password: string | undefined }
  | { readonly telemetry: 'none'; readonly sentence: string }
> {
  const peer = network.peer(device, hub, transport);
  if (peer === undefined) return { telemetry: 'none', sentence: `no host ${hub}` };
  const socket = await openStream(peer, network.history);
  if (socket === undefined) return { telemetry: 'none', sentence: 'the device itself would not go on' };
  // With an issued certificate the handshake says it all, whatever the device registered with.
  const password =
    device.flash.issued === undefined
      ? await attestations[device.attestation].hubToken(device, `${hub}/devices/${deviceId}`)
      : undefined;
  return { socket, password };
}

async function visitOverAmqp(stream: Duplex, call: Parameters<typeof sendOverAmqp>[1]): Promise<HubVisit> {
  const answer = await sendOverAmqp(stream, call);
  return answer === 'accepted'
    ? { telemetry: 'accepted' }
    : { telemetry: 'refused', sentence: `the hub answered with ${answer.refusal}` };
}

async function visitOverMqtt(
  socket: Duplex,
  { text, ...call }: Parameters<typeof HubLine.open>[1] & { readonly text: string },
): Promise<HubVisit> {
  const line = await HubLine.open(socket, call);
  if (typeof line === 'string') return { telemetry: 'refused', sentence: line };
  const isTaken = await line.send(text);
  await line.close();
  return isTaken
    ? { telemetry: 'accepted' }
    : { telemetry: 'refused', sentence: 'the hub ended the connection and took no message' };
}
