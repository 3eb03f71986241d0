import type { AddressInfo } from 'node:net';
import { listenerPorts } from '../../../core/wire/listener-ports.ts';
import { webSocket } from '../../../core/wire/dps-wire.ts';
import type { Listener, ListenerContext, OpenListener, StreamHandler } from '../listener.ts';
import { createTlsServer } from '../shared/create-tls-server.ts';
import { recordRefusedOpening } from '../../shared/record-refused-opening.ts';
import { holdWrites } from '../shared/hold-writes.ts';
import { whenDrained } from '../shared/when-drained.ts';
import { acceptAmqp } from './amqp-connection.ts';
import { openAmqpSession } from './amqp-session.ts';

/** The listener for DPS and all hubs over AMQP 1.0. */
export const amqpListener: Listener = { name: 'amqp', open };

function open(context: ListenerContext): OpenListener {
  const { services, hubs, clientTimeouts, durability, settings } = context;
  const { history, fidelity } = settings;
  const bounds = {
    openingMs: clientTimeouts.openingMs,
    endpointLimit: settings.amqpEndpointLimit ?? defaultEndpointLimit,
  };
  const amqpPort = (): number => (server.address() as AddressInfo | null)?.port ?? listenerPorts.amqp;
  const handle: StreamHandler = (stream, credentials, probation, transport) => {
    const cut = (): void => void stream.destroy();
    const drained = (then: () => void): void => whenDrained(stream, then);
    const parts = { services, hubs, fidelity, history, credentials, transport, probation, cut, drained, amqpPort };
    holdWrites(stream, durability);
    const onRefused = (found: string, when: 'opening' | 'open'): void =>
      recordRefusedOpening(history, credentials, transport, { ...refusals[when], found });
    acceptAmqp(stream, (control) => openAmqpSession({ ...parts, control }), { ...bounds, onRefused });
  };
  const server = createTlsServer('amqp', handle, context);
  return { server, inWebSocket: { subProtocol: webSocket.amqp, transport: 'amqp-ws', handle } };
}

const refusals = {
  opening: { about: 'AMQP open', expected: 'AMQP 1.0', answer: 'the connection is closed' },
  open: {
    about: 'AMQP frame',
    expected: 'AMQP 1.0 within the limits of the service',
    answer: 'a close or detach frame',
  },
} as const;

const defaultEndpointLimit = 2048;
