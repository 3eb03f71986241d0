import type { Duplex } from 'node:stream';
import { once } from 'node:events';
import rhea, { type AmqpError, type Connection, type EventContext } from 'rhea';
import { done, failed, type Result } from '../../../core/result.ts';
import { withinRealTime } from '../../../core/time/clock.ts';
import { answerLimitMs } from '../dps-connection.ts';
import type { DeviceMessage } from '../wire.ts';
import { untilClosed } from '../until-closed.ts';
import { connectOver } from './amqp-dps.ts';

/** Sends one telemetry message over AMQP 1.0 as the Node SDK does: sends a token to `$cbs`, then attaches a link. */
export async function sendOverAmqp(stream: Duplex, call: DeviceMessage): Promise<Result<undefined>> {
  const { hub, deviceId } = call;
  // A stream that has already ended emits nothing more, so rhea would wait for the hub.
  if (stream.destroyed) return refused(wordOf(undefined));
  const connection = rhea.create_container({ id: deviceId }).create_connection({
    connection_details: () => ({ host: hub, port: 5671, connect: connectOver(stream) }),
    host: hub,
    hostname: hub,
    port: 5671,
    reconnect: false,
  });
  const ended = new Promise<Result<undefined>>((end) => {
    const refuse = (error: AmqpError | Error | undefined): void => end(refused(wordOf(error)));
    connection.on('connection_error', ({ error }: EventContext) => refuse(error as AmqpError | undefined));
    connection.on('protocol_error', refuse);
    connection.on('error', refuse);
    connection.on('disconnected', () => refuse(undefined));
    connection.on('sender_error', ({ sender }: EventContext) => refuse(sender?.error));
    connection.on('receiver_error', ({ receiver }: EventContext) => refuse(receiver?.error));
    stream.once('close', () => refuse(undefined));
  });
  connection.connect();
  const answer = await withinRealTime(
    Promise.race([ended, deliver(connection, call)]),
    answerLimitMs,
    `the hub did not answer ${deviceId} over AMQP`,
  );
  if (!stream.closed) {
    const closed = untilClosed(stream, `the AMQP connection of ${deviceId} did not close`);
    connection.close();
    await closed;
  }
  return answer;
}

async function deliver(connection: Connection, call: DeviceMessage): Promise<Result<undefined>> {
  if (call.token !== undefined) {
    const status = await putToken(connection, `${call.hub}/devices/${call.deviceId}`, call.token);
    if (status !== 200) return refused(`status ${status} to its token`);
  }
  const address = `/devices/${call.deviceId}/messages/events`;
  const sender = connection.open_sender({ target: { address } });
  await once(sender, 'sendable');
  sender.send({ to: address, body: rhea.message.data_section(Buffer.from(call.text)) });
  return new Promise((end) => {
    sender.once('accepted', () => end(done));
    sender.once('rejected', ({ delivery }: EventContext) =>
      end(refused(wordOf(delivery?.remote_state?.['error'] as AmqpError | undefined))),
    );
  });
}

/** @param answer description of the response of the hub. */
function refused(answer: string): Result<never> {
  return failed('hub-rejects', `the hub answered with ${answer}`);
}

/** Sends a token to `$cbs`. Returns the status code in the response of the hub. */
async function putToken(connection: Connection, name: string, token: string): Promise<number> {
  const receiver = connection.open_receiver({ source: { address: '$cbs' } });
  const sender = connection.open_sender({ target: { address: '$cbs' } });
  await once(sender, 'sendable');
  const answered = once(receiver, 'message') as Promise<[EventContext]>;
  sender.send({
    message_id: name,
    to: '$cbs',
    reply_to: 'cbs',
    application_properties: { operation: 'put-token', type: 'servicebus.windows.net:sastoken', name },
    body: token,
  });
  const [{ message }] = await answered;
  return Number(message?.application_properties?.['status-code']);
}

function wordOf(error: AmqpError | Error | undefined): string {
  return error !== undefined && 'condition' in error ? (error.condition ?? 'no word') : 'a closed connection';
}
