import { Agent, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { withinRealTime } from '../../core/clock.ts';
import type { RegisterBody } from '../../core/dps-wire.ts';
import type { History } from '../../core/history.ts';
import { answerLimitMs, parseJson, type DpsCall, type Opened, type WireAnswer } from './dps-connection.ts';
import { openTlsConnection, type Peer } from './tls-connection.ts';

/** DPS over HTTPS: one judged connection, kept for the register request and the polls. */
export async function openHttps(peer: Peer, call: DpsCall, history: History): Promise<Opened> {
  const socket = await openTlsConnection(peer, history);
  if (socket === undefined) return { kind: 'distrusted' };
  const agent = new SingleConnection(socket);
  const path = `/${encodeURIComponent(call.idScope)}/registrations/${encodeURIComponent(call.registrationId)}`;
  const query = `?api-version=${call.apiVersion}`;
  const send = (method: string, where: string, body: unknown, token: string | undefined) =>
    exchange(agent, peer.host, { method, path: `${path}${where}${query}`, body, token });
  return {
    kind: 'open',
    connection: {
      register: (body: RegisterBody, token) => send('PUT', '/register', body, token),
      poll: (operationId, token) => send('GET', `/operations/${encodeURIComponent(operationId)}`, undefined, token),
      close: async () => {
        agent.destroy();
        socket.destroy();
      },
    },
  };
}

/** Gives every request the one socket whose server was judged. */
class SingleConnection extends Agent {
  readonly #socket: TLSSocket;

  constructor(socket: TLSSocket) {
    super({ keepAlive: true, maxSockets: 1 });
    this.#socket = socket;
  }

  override createConnection(): TLSSocket {
    return this.#socket;
  }
}

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly token: string | undefined;
}

function exchange(agent: Agent, host: string, { method, path, body, token }: Exchange): Promise<WireAnswer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const answered = new Promise<WireAnswer>((done, fail) => {
    const outgoing = request(
      {
        agent,
        host,
        method,
        path,
        headers: {
          Accept: 'application/json',
          ...(text === undefined
            ? {}
            : { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) }),
          ...(token === undefined ? {} : { Authorization: token }),
        },
      },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('error', fail);
        incoming.on('end', () => {
          const retryAfter = Number(incoming.headers['retry-after']);
          done({
            status: incoming.statusCode ?? 0,
            body: parseJson(Buffer.concat(parts).toString('utf8')),
            ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
          });
        });
      },
    );
    outgoing.on('error', fail);
    outgoing.end(text);
  });
  return withinRealTime(answered, answerLimitMs, `no answer to ${method} ${path} from ${host}`);
}
