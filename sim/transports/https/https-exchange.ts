import { Agent, request } from 'node:https';
import type { Duplex } from 'node:stream';
import { defined } from '../../../core/defined.ts';
import { withinRealTime } from '../../../core/time/clock.ts';
import type { History } from '../../../core/history/history.ts';
import { answerLimitMs, ConnectionClosed, ConnectionRefused, parseJson, type WireAnswer } from '../dps-connection.ts';
import type { Peer } from '../peer.ts';
import { openTlsConnection } from '../open-stream.ts';
import { serverEnd } from '../server-end.ts';

/** One request. `body` becomes JSON, or `form` a form; `token` becomes the Authorization header, and `ifMatch` the If-Match header. */
interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  readonly ifMatch?: string;
}

/** Requests with JSON bodies over one HTTPS connection. The device verifies the server before the first request. */
export class HttpsExchange {
  readonly #host: string;
  readonly #socket: Duplex;
  readonly #agent: SingleConnection;
  #hasAnswer = false;

  private constructor(host: string, socket: Duplex) {
    this.#host = host;
    this.#socket = socket;
    this.#agent = new SingleConnection(socket);
  }

  /**
   * Opens the connection. Returns undefined if the caller rejects the server; the history then has the decision.
   *
   * @throws ConnectionRefused if the server ends the handshake.
   */
  static async open(peer: Peer, history: History): Promise<HttpsExchange | undefined> {
    const socket = await openTlsConnection(peer, history);
    return socket === undefined ? undefined : new HttpsExchange(peer.host, socket);
  }

  /**
   * Sends a request.
   *
   * @throws ConnectionRefused if the server ends the connection before its first answer, and ConnectionClosed if it does so later.
   */
  async send(exchange: Exchange): Promise<WireAnswer> {
    const { method, path } = exchange;
    if (this.#socket.destroyed) throw this.#end('it closed the connection');
    try {
      const answer = await withinRealTime(
        this.#answer(exchange),
        answerLimitMs,
        `no answer to ${method} ${path} from ${this.#host}`,
      );
      this.#hasAnswer = true;
      return answer;
    } catch (error) {
      const how = error instanceof Error ? serverEnd(error) : undefined;
      throw how === undefined ? error : this.#end(how);
    }
  }

  #end(how: string): ConnectionClosed {
    return this.#hasAnswer
      ? new ConnectionClosed(`${this.#host} ended the connection before it answered: ${how}`)
      : new ConnectionRefused(`${this.#host} refused the connection after the TLS handshake: ${how}`);
  }

  #answer({ method, path, body, form, token, ifMatch }: Exchange): Promise<WireAnswer> {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const text = form === undefined ? json : new URLSearchParams(form).toString();
    const type = form === undefined ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded';
    return new Promise<WireAnswer>((done, fail) => {
      const outgoing = request(
        {
          agent: this.#agent,
          host: this.#host,
          method,
          path,
          headers: {
            Accept: 'application/json',
            ...(text === undefined ? {} : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }),
            ...defined({ Authorization: token }),
            ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
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
  }

  close(): void {
    this.#agent.destroy();
    this.#socket.destroy();
  }
}

/** An agent that sends every request over the same socket, whose server is verified. */
class SingleConnection extends Agent {
  readonly #socket: Duplex;

  constructor(socket: Duplex) {
    super({ keepAlive: true, maxSockets: 1 });
    this.#socket = socket;
  }

  override createConnection(): Duplex {
    return this.#socket;
  }
}
