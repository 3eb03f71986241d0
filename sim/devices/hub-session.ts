import type { Duplex } from 'node:stream';
import type { DirectLogin } from '../../core/cloud/direct-access.ts';
import { failed, succeeded, type Result } from '../../core/result.ts';
import type { Transport } from '../../core/history/events.ts';
import type { Network } from '../world/network.ts';
import { certificatesOf } from '../transports/certificates-of.ts';
import { ConnectionRefused } from '../transports/dps-connection.ts';
import { openStream } from '../transports/open-stream.ts';
import type { Peer } from '../transports/peer.ts';
import type { Device } from './device.ts';
import type { HubPlace } from './device-change.ts';
import { attestations } from './attestation/attestations.ts';

/** Result of a connection to the hub with one telemetry message. */
export type HubVisit =
  | { readonly telemetry: 'accepted' }
  | { readonly telemetry: 'refused' | 'none'; readonly sentence: string };

/**
 * Connects to the hub with the credential of the device and sends one telemetry message. The result is `accepted` if the hub acknowledges
 * the message.
 */
export async function visitHub(device: Device, { hub, deviceId }: HubPlace, network: Network): Promise<HubVisit> {
  if (device.isDirect === true && network.direct !== undefined) {
    const connected = network.direct.connectToHub(await directLogin(device, { hub, deviceId }, network));
    if (!connected.ok) return { telemetry: 'refused', sentence: connected.failure.sentence };
    const isAccepted = await connected.value.send(greeting(deviceId));
    connected.value.close();
    return isAccepted ? { telemetry: 'accepted' } : { telemetry: 'refused', sentence: `${hub} rejects the message` };
  }
  const wire = network.wire(device.transport);
  const called = await callHub(device, { hub, deviceId }, wire.hubTransport ?? device.transport, network);
  if (!called.ok) return { telemetry: 'none', sentence: called.failure.sentence };
  const { socket, password } = called.value;
  const sent = await wire.sendToHub(socket, { hub, deviceId, token: password, text: greeting(deviceId) });
  return sent.ok ? { telemetry: 'accepted' } : { telemetry: 'refused', sentence: sent.failure.sentence };
}

/** Returns the credential with which a device logs in to its hub without a connection. */
export async function directLogin(device: Device, { hub, deviceId }: HubPlace, network: Network): Promise<DirectLogin> {
  const certificates = certificatesOf(network.peer(device, hub, device.transport)?.identity);
  return { hub, deviceId, token: await hubToken(device, { hub, deviceId }), certificates, from: device.address };
}

/** Returns the first message of a device in service. */
export function greeting(deviceId: string): string {
  return JSON.stringify({ hello: deviceId });
}

/**
 * Opens a stream to a hub, verifies the server certificate and makes the token. Fails if no host has this name, if the device rejects the
 * server, or if the server ends the handshake.
 */
export async function callHub(
  device: Device,
  { hub, deviceId }: HubPlace,
  transport: Transport,
  network: Network,
): Promise<Result<{ readonly socket: Duplex; readonly password: string | undefined }>> {
  const peer = network.peer(device, hub, transport);
  if (peer === undefined) return failed('no-host', `no host ${hub}`);
  const opened = await open(peer, network);
  if (!opened.ok) return opened;
  const socket = opened.value;
  return succeeded({ socket, password: await hubToken(device, { hub, deviceId }) });
}

/**
 * Returns the token of a device for its hub; undefined if the device authenticates with a certificate. A certificate that DPS issued
 * authenticates in the handshake, so the device needs no token, whatever its credential for DPS is.
 */
async function hubToken(device: Device, { hub, deviceId }: HubPlace): Promise<string | undefined> {
  if (device.flash.issued !== undefined) return undefined;
  return attestations[device.attestation].hubToken(device, `${hub}/devices/${deviceId}`);
}

async function open(peer: Peer, { history }: Network): Promise<Result<Duplex>> {
  try {
    const socket = await openStream(peer, history);
    return socket === undefined ? failed('server-rejected', 'the device rejected the server') : succeeded(socket);
  } catch (error) {
    if (error instanceof ConnectionRefused) return failed('server-rejects', error.message);
    throw error;
  }
}
