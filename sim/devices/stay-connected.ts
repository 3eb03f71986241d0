import { defined } from '../../core/defined.ts';
import type { AttemptEnd } from '../../core/history/events.ts';
import type { Network } from '../world/network.ts';
import type { Device } from './device.ts';
import { HubLine } from './hub-line.ts';
import { callHub, greeting } from './hub-session.ts';

/**
 * A device in service sends a message over the connection that it keeps to its hub; it opens one where it has none. Where the
 * hub has ended it the message is lost, and the next one goes over a new connection. One attempt in the history.
 */
export async function stayConnected(device: Device, network: Network): Promise<void> {
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
  const end = await sendOverLine(device, registrationId, network);
  network.history.record({ kind: 'attempt-ended', device: name, registrationId, attempts: 0, ...end });
}

/** The device ends the connection that it keeps, if it does. */
export async function hangUp(device: Device): Promise<void> {
  await device.line?.close();
  device.keepLine(undefined);
}

type LineEnd = Omit<AttemptEnd, 'attempts'>;

async function sendOverLine(device: Device, registrationId: string, network: Network): Promise<LineEnd> {
  const kept = device.line;
  if (kept === undefined) return openLine(device, network);
  const { hub, deviceId } = kept.place;
  const place = { assignedHub: hub, deviceId };
  const isTaken = await kept.send(greeting(deviceId));
  if (isTaken)
    return { outcome: 'assigned', sentence: `${hub} accepted its telemetry`, telemetry: 'accepted', ...place };
  await hangUp(device);
  network.decide(network.history.trace('device', registrationId, `connection to ${hub}`), (trace) =>
    trace.check('hub-connection-kept', false, 'a connection that is open', 'the hub has ended it'),
  );
  return { outcome: 'failed', sentence: `${hub} had ended the connection`, telemetry: 'none', ...place };
}

async function openLine(device: Device, network: Network): Promise<LineEnd> {
  const known = device.assigned;
  if (known === undefined) return { outcome: 'failed', sentence: 'it was never assigned to a hub', telemetry: 'none' };
  const place = { assignedHub: known.hub, deviceId: known.deviceId };
  const called = await callHub(device, known, 'mqtt', network);
  if ('sentence' in called) return { outcome: 'refused', ...called, ...place };
  const line = await HubLine.open(called.socket, { ...known, password: called.password });
  if (typeof line === 'string') return { outcome: 'refused', sentence: line, telemetry: 'refused', ...place };
  device.keepLine(line);
  return sendOverLine(device, device.registrationId ?? device.name, network);
}
