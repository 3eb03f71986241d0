import type { Duplex } from 'node:stream';
import rhea, { type Delivery, type EventContext, type Receiver, type Sender } from 'rhea';
import { afterRealTime } from '../../../core/time/clock.ts';
import { writeWholePerformatives } from './framing/whole-performatives.ts';
import { batchFormat } from './framing/batch-format.ts';
import type { RheaConnection } from './framing/rhea-internals.ts';
import { writeSymbolKeyedErrors } from './framing/symbol-keyed-errors.ts';
import { channelMax, guardAmqp } from './framing/amqp-guard.ts';
import { AmqpStream, brokenFrame, maxFrameSize, type Fault } from './framing/amqp-stream.ts';
import type { AmqpError } from './amqp-error.ts';
import { readMessage, type AmqpMessage } from './amqp-message.ts';
import type { SaslMechanism } from './amqp-sasl.ts';

/** The callbacks of one connection. */
export interface AmqpHandlers {
  /** SASL mechanisms by the name that the server offers. */
  readonly mechanisms: Readonly<Record<string, () => SaslMechanism>>;
  /**
   * Handles a link that the client attached. The link is a `Receiver` if the client sends, and a `Sender` if the client
   * receives.
   */
  attached(link: Sender | Receiver): void;
  /** Handles a message. Must settle the delivery, at once or later. */
  message(message: AmqpMessage, link: Receiver, delivery: Delivery): void;
  /** Handles the end of one or more links. */
  detached(): void;
  /** Handles the end of the connection. The connection may call this method twice. */
  ended(): void;
}

/** Operations on the whole connection. */
export interface AmqpControl {
  /**
   * Closes all links and then the connection, each with this error. If the service closes only the connection, the Node
   * SDK waits 45 seconds for its links.
   */
  close(error: Pick<AmqpError, 'condition' | 'description'>): void;
}

/** Limits for one connection. */
export interface AmqpBounds {
  /** Real milliseconds that the client has to send its open frame. */
  readonly openingMs: number;
  /** Maximum number of sessions and links together. */
  readonly endpointLimit: number;
  /** Receives each fault of a client whose data the listener refuses, and whether it came before the open frame. */
  readonly onRefused: (fault: string, when: 'opening' | 'open') => void;
}

/**
 * Serves AMQP 1.0 on a stream. If a client breaks the protocol, only its own connection ends, with a close frame if the stream
 * is still writable.
 */
export function acceptAmqp(
  stream: Duplex,
  open: (control: AmqpControl) => AmqpHandlers,
  { openingMs, endpointLimit, onRefused }: AmqpBounds,
): void {
  const handlers = open({
    close: (error) => {
      connection.each_link((link) => link.close(error));
      for (const session of Object.values(connection.local_channel_map)) session.close();
      close(error);
    },
  });
  const container = rhea.create_container({ id: 'rehearsal' });
  Object.assign(container.sasl_server_mechanisms, handlers.mechanisms);
  container.on('error', () => {});
  const connection = container.create_connection(options) as unknown as RheaConnection;
  let isOpening = true;
  connection.on('connection_open', () => {
    isOpening = false;
  });
  const refused = (fault: string): void => onRefused(fault, isOpening ? 'opening' : 'open');
  const close: AmqpControl['close'] = (error) => {
    isOpening = false;
    socket.deafen();
    if (connection.is_open()) connection.close(error);
    socket.end();
  };
  const hangUp = (fault: Fault): void => {
    // A client that closes the connection with its own error has sent nothing wrong.
    if (isOpening || connection.is_remote_open()) refused(fault.sentence);
    if (!connection.is_open() && fault.kind === 'no-header') socket.write(saslHeader);
    close({ condition: 'amqp:connection:framing-error', description: fault.sentence });
  };
  const socket = new AmqpStream(stream, hangUp);
  for (const event of ['protocol_error', 'error', 'connection_error']) {
    connection.on(event, (error: unknown) =>
      hangUp(brokenFrame(error instanceof Error ? error.message : 'unreadable')),
    );
  }
  connection.on('disconnected', () => {});
  connection.on('receiver_open', ({ receiver }: EventContext) => receiver && handlers.attached(receiver));
  connection.on('sender_open', ({ sender }: EventContext) => sender && handlers.attached(sender));
  connection.on('message', (context: EventContext) => {
    const { receiver, delivery } = context;
    if (receiver === undefined || delivery === undefined) return;
    const { format } = delivery as unknown as { readonly format: number };
    settleAtOnce(delivery);
    handlers.message(readMessage(context.message, format === batchFormat), receiver, delivery);
  });
  for (const event of ['sender_close', 'receiver_close', 'session_close']) {
    connection.on(event, () => handlers.detached());
  }
  connection.on('connection_close', () => handlers.ended());
  stream.on('close', () => handlers.ended());
  guardAmqp(connection, endpointLimit, { hangUp: (sentence) => hangUp(brokenFrame(sentence)), refused });
  connection.accept(socket);
  const opening = afterRealTime(openingMs, () => {
    if (connection.is_open() || stream.destroyed) return;
    refused(`no open frame within ${openingMs / 1000} s`);
    socket.destroy();
  });
  // Without the cancellation, the connection would stay in memory after its end.
  stream.once('close', opening);
}

/**
 * Settles a delivery in the same frame as its outcome, even if the client requested that the receiver settles second. Real hubs
 * do the same, and uamqp depends on it. A delivery that the client already settled gets no outcome.
 */
function settleAtOnce(delivery: Delivery): void {
  const update = delivery.update.bind(delivery);
  delivery.update = delivery.remote_settled
    ? () => {}
    : (settled, state) => {
        update(settled ?? true, state);
      };
  if (delivery.remote_settled) Object.assign(delivery, { settled: true });
}

writeSymbolKeyedErrors();
writeWholePerformatives();

const options = {
  max_frame_size: maxFrameSize,
  channel_max: channelMax,
  idle_time_out: 240_000,
  receiver_options: { autoaccept: false, credit_window: 32 },
} as never;

const saslHeader = Buffer.from('AMQP\u0003\u0001\0\0', 'latin1');
