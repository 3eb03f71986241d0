import { defined } from '../../core/defined.ts';
import type { AttemptEnd } from '../../core/history/events.ts';
import type { Network } from '../world/network.ts';
import type { Device } from './device.ts';
import { HubConnection } from '../transports/mqtt/hub-connection.ts';
import { callHub, greeting } from './hub-session.ts';
import { waitBeforeRetry } from './retry.ts';

/**
 * Sends a message to the hub over the open connection of a device. If no connection is open, the device opens one. If the hub has ended the
 * connection, the message is lost, and the next message opens a new connection. Records one attempt in the history.
 * @param reconnect default: none.
 */
export async function stayConnected(device: Device, network: Network, reconnect: Reconnect = 'none'): Promise<void> {
  const { name, attestation, transport } = device;
  const registrationId = device.registrationId ?? name;
  network.history.record({
    kind: 'attempt-started',
    device: name,
    registrationId,
    attestation,
    transport,
    ...defined({ from: device.address }),
  });
  let end = await sendMessage(device, registrationId, network);
  for (let tries = 1; end.telemetry !== 'accepted'; tries++) {
    const wait = waitBeforeRetry({ retry: reconnect, random: device.random, tries: mostTries }, tries, undefined);
    if (wait === undefined) break;
    await network.clock.sleep(wait);
    end = await sendMessage(device, registrationId, network);
  }
  network.history.record({ kind: 'attempt-ended', device: name, registrationId, attempts: 0, ...end });
}

/** Ways in which a device connects again after the hub has ended its connection or rejected a new connection. */
export const reconnects = ['none', 'at-once', 'back-off'] as const;

export type Reconnect = (typeof reconnects)[number];

/** Number of rejections at which a device gives up until its next message. */
const mostTries = 8;

/** Closes the connection of a device to its hub, if one is open. */
export async function disconnect(device: Device): Promise<void> {
  await device.hubConnection?.close();
  device.keepHubConnection(undefined);
}

type MessageEnd = Omit<AttemptEnd, 'attempts'>;

async function sendMessage(device: Device, registrationId: string, network: Network): Promise<MessageEnd> {
  const open = device.hubConnection;
  if (open === undefined) return connect(device, network);
  const { hub, deviceId } = open.place;
  const place = { assignedHub: hub, deviceId };
  if (await open.send(greeting(deviceId)))
    return { outcome: 'assigned', sentence: `${hub} accepted its telemetry`, telemetry: 'accepted', ...place };
  await disconnect(device);
  network.decide(network.history.trace('device', registrationId, `connection to ${hub}`), (trace) =>
    trace.check('hub-connection-kept', false, 'an open connection', 'the hub has ended the connection'),
  );
  return { outcome: 'failed', sentence: `${hub} had ended the connection`, telemetry: 'none', ...place };
}

async function connect(device: Device, network: Network): Promise<MessageEnd> {
  const known = device.assigned;
  if (known === undefined)
    return { outcome: 'failed', sentence: 'the device was never assigned to a hub', telemetry: 'none' };
  const place = { assignedHub: known.hub, deviceId: known.deviceId };
  const called = await callHub(device, known, 'mqtt', network);
  if (!called.ok) return { outcome: 'refused', sentence: called.failure.sentence, telemetry: 'none', ...place };
  const { socket, password } = called.value;
  const opened = await HubConnection.open(socket, { ...known, password });
  if (!opened.ok) return { outcome: 'refused', sentence: opened.failure.sentence, telemetry: 'refused', ...place };
  device.keepHubConnection(opened.value);
  return sendMessage(device, device.registrationId ?? device.name, network);
}
