import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { RegisterBody } from '../../../../core/wire/dps-wire.ts';
import type { ListenerName } from '../../../../core/wire/listener-ports.ts';
import type { Transport } from '../../../../core/history/events.ts';
import type { DeviceLink } from '../../../../mocks/hub/device-link.ts';
import type { Listener, ListenerContext, OpenListener, StreamHandler } from '../../../../mocks/listeners/listener.ts';
import { createTlsServer } from '../../../../mocks/listeners/shared/create-tls-server.ts';

/** A request of the test protocol: one JSON text per line. */
export type LineRequest =
  | { readonly op: 'register'; readonly call: LineCall; readonly body: RegisterBody }
  | { readonly op: 'status'; readonly call: LineCall; readonly operationId: string }
  | {
      readonly op: 'telemetry';
      readonly hub: string;
      readonly deviceId: string;
      readonly token: string;
      readonly text: string;
    };

interface LineCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly apiVersion: string;
  readonly token: string;
}

/** A name that no list of `core` contains, because the test protocol exists only in tests. */
export const line = 'line' as ListenerName & Transport;

/** Serves DPS and hubs by JSON lines over TLS. This minimal listener shows what a listener must have. */
export const lineListener: Listener = { name: line, open };

function open(context: ListenerContext): OpenListener {
  const handle: StreamHandler = (stream, credentials, _probation, transport) => {
    stream.on('error', () => stream.destroy());
    createInterface({ input: stream }).on('line', (text) => {
      const request = JSON.parse(text) as LineRequest;
      void answerTo(request, context, credentials, transport).then((answer) => reply(stream, answer));
    });
  };
  return {
    server: createTlsServer(line, handle, context),
    inWebSocket: { subProtocol: 'line', transport: line, handle },
  };
}

async function answerTo(
  request: LineRequest,
  { services, hubs }: ListenerContext,
  shared: Parameters<StreamHandler>[1],
  transport: Transport,
): Promise<object> {
  if (request.op === 'telemetry') {
    const credentials = { ...shared, token: request.token };
    const connection = hubs.get(request.hub)?.connect(request.deviceId, credentials, silentLink(transport));
    const problem = connection?.sendTelemetry({ body: Buffer.from(request.text), properties: new Map() });
    connection?.disconnected();
    return { status: connection === undefined ? 401 : (problem?.status ?? 200) };
  }
  const { token, ...rest } = request.call;
  const call = { ...rest, credentials: { ...shared, token }, transport };
  const service = services.of(call.idScope);
  const { status, body, retryAfterSeconds } =
    request.op === 'register'
      ? await service.register({ ...call, body: request.body })
      : await service.operationStatus(call, request.operationId);
  return { status, body, retryAfterSeconds };
}

/** Returns a device link without subscriptions. */
function silentLink(transport: Transport): DeviceLink {
  const nothing = (): void => {};
  return {
    transport,
    listens: () => false,
    deliver: nothing,
    desired: nothing,
    invoke: nothing,
    close: nothing,
  };
}

function reply(stream: Duplex, answer: object): void {
  stream.write(`${JSON.stringify(answer)}\n`);
}
