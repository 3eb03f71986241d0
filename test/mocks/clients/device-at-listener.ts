import type { AmqpError } from 'rhea';
import { dpsTopics } from '../../../core/wire/dps-wire.ts';
import { AmqpClient, jsonOf, type Reply } from './amqp-client.ts';
import { poll, register, type Shown } from './device-wire.ts';
import { idScope } from './open-cloud.ts';
import { publishPacket, RawMqtt, subscribePacket } from './raw-mqtt.ts';
import type { Reachable } from './reachable.ts';

/** The listeners of a cloud, which may be in another process. */
interface OpenListeners {
  readonly cloud: Reachable;
}

export const deviceListeners = ['https', 'mqtt', 'amqp'] as const;
export type DeviceListener = (typeof deviceListeners)[number];

/** The answer to a device: the JSON body, and the status if the protocol has one. AMQP only distinguishes answers from refusals. */
export interface Told {
  readonly status: number | 'answer' | 'rejected';
  readonly body: unknown;
}

/** Timeout in milliseconds. It suffices for many devices on a busy machine. */
const limitMs = 15_000;

/** Sends a register request over the given protocol, on a separate connection. */
export function registerAt(door: DeviceListener, open: OpenListeners, id: string, shown: Shown): Promise<Told> {
  const text = shown.text ?? JSON.stringify({ registrationId: id, ...shown.body });
  switch (door) {
    case 'https':
      return register(open.cloud, id, { limitMs, ...shown });
    case 'mqtt':
      return askMqtt(open, id, shown, dpsTopics.register('1'), text);
    case 'amqp':
      return askAmqp(open, id, shown, (device) => device.register(text));
  }
}

/** Polls an operation. */
export function pollAt(
  door: DeviceListener,
  open: OpenListeners,
  id: string,
  shown: Shown,
  operationId: string,
): Promise<Told> {
  switch (door) {
    case 'https':
      return poll(open.cloud, id, operationId, { limitMs, ...shown });
    case 'mqtt':
      return askMqtt(open, id, shown, dpsTopics.operationStatus('2', operationId), ' ');
    case 'amqp':
      return askAmqp(open, id, shown, (device) => device.poll(operationId));
  }
}

async function askMqtt(open: OpenListeners, id: string, shown: Shown, topic: string, text: string): Promise<Told> {
  const { scope = idScope, apiVersion = '2021-06-01', token, client } = shown;
  const device = await RawMqtt.open(open.cloud, client, limitMs);
  const username = `${scope}/registrations/${id}/api-version=${apiVersion}`;
  const connack = await device.connect({ clientId: id, username, ...(token === undefined ? {} : { password: token }) });
  if (connack !== 0) throw new Error(`CONNACK ${connack}`);
  device.send(subscribePacket(1, [dpsTopics.responses, 0]), publishPacket(topic, text));
  const packets = [await device.next(), await device.next()];
  device.close();
  const answer = packets.find((each) => each.kind === 'publish');
  if (answer === undefined) throw new Error(`expected an answer, got ${JSON.stringify(packets)}`);
  const status = /^\$dps\/registrations\/res\/(\d{3})\//.exec(answer.topic)?.[1];
  return { status: Number(status), body: JSON.parse(answer.text) };
}

async function askAmqp(
  open: OpenListeners,
  id: string,
  shown: Shown,
  ask: (device: AmqpClient) => Promise<Reply>,
): Promise<Told> {
  const { scope = idScope, apiVersion = '2021-06-01', token, client } = shown;
  const address = `${scope}/registrations/${id}`;
  let device: AmqpClient;
  try {
    device = await AmqpClient.open(open.cloud, id, {
      client,
      address,
      limitMs,
      properties: { 'com.microsoft:api-version': apiVersion },
      ...(token === undefined ? {} : { username: address, password: token }),
    });
  } catch (error) {
    // A link that the server refuses gives the same error as a rejected message.
    return rejection((error as { readonly amqp?: AmqpError }).amqp);
  }
  const reply = await ask(device);
  await device.close();
  return reply.kind === 'answer' ? { status: 'answer', body: jsonOf(reply) } : rejection(reply.error);
}

function rejection(error: AmqpError | undefined): Told {
  return { status: 'rejected', body: JSON.parse(String(error?.description)) };
}
