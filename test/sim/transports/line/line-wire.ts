import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { done, failed } from '../../../../core/result.ts';
import type { WireAnswer } from '../../../../sim/transports/dps-connection.ts';
import { openStream } from '../../../../sim/transports/open-stream.ts';
import type { Wire } from '../../../../sim/transports/wire.ts';
import { line, type LineRequest } from './line-listener.ts';

/** The device's side of the test protocol: JSON lines over TLS. */
export const lineWire: Wire = {
  listener: line,
  hasLogin: false,
  openDps: async (peer, { idScope, registrationId, apiVersion }, history) => {
    const stream = await openStream(peer, history);
    if (stream === undefined) return { kind: 'distrusted' };
    const lines = createInterface({ input: stream });
    const callWith = (token = '') => ({ idScope, registrationId, apiVersion, token });
    return {
      kind: 'open',
      connection: {
        register: (body, token) => exchange(stream, lines, { op: 'register', call: callWith(token), body }),
        poll: (operationId, token) => exchange(stream, lines, { op: 'status', call: callWith(token), operationId }),
        close: () => hangUp(stream),
      },
    };
  },
  sendToHub: async (stream, { hub, deviceId, token = '', text }) => {
    const { status } = await exchange(stream, createInterface({ input: stream }), {
      op: 'telemetry',
      hub,
      deviceId,
      token,
      text,
    });
    await hangUp(stream);
    return status === 200 ? done : failed('hub-rejects', `the hub answered with ${status}`);
  },
};

async function exchange(stream: Duplex, lines: Interface, request: LineRequest): Promise<WireAnswer> {
  const answered = once(lines, 'line') as Promise<[string]>;
  stream.write(`${JSON.stringify(request)}\n`);
  const [text] = await answered;
  return JSON.parse(text) as WireAnswer;
}

async function hangUp(stream: Duplex): Promise<void> {
  const closed = once(stream, 'close');
  stream.destroy();
  await closed;
}
