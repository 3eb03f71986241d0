import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { ConnectionTap } from '../../../core/cloud/wire-tap.ts';
import { defined } from '../../../core/defined.ts';
import { afterRealTime } from '../../../core/time/clock.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';
import type { Credentials } from '../../shared/credentials.ts';
import { recordRefusedOpening } from '../../shared/record-refused-opening.ts';
import type { Listener, ListenerContext, OpenListener } from '../listener.ts';
import { connectionCredentials } from '../shared/create-tls-server.ts';
import { acceptWebSockets } from '../websocket/websocket.ts';
import { entraApi } from './entra/entra-api.ts';
import { blobApi } from './blob/blob-api.ts';
import { deviceApi, unreadable } from './dps/device-api.ts';
import { serviceApi } from './dps/service-api.ts';
import { hubApi } from './hub/hub-api.ts';
import { registryApi } from './registry/registry-api.ts';
import type { HttpAnswer, HttpApi, HttpRequest } from './http-api.ts';
import { requestTarget } from './request-target.ts';
import { tapOf } from '../shared/tap-of.ts';

/** The listener for DPS, its service API, all hubs and their storage over HTTPS, including WebSockets. */
export const httpsListener: Listener = { name: 'https', open };

function open(context: ListenerContext): OpenListener {
  const server = createHttpsServer(httpApis(context), (problem) => unreadable(context.services.own, problem), context);
  return {
    server,
    acceptWebSockets: (protocols) => acceptWebSockets(server, context.connections, protocols, context.settings),
  };
}

/** Returns the APIs. The first API in the list that claims a request handles it; the last API claims every request. */
function httpApis({ services, serviceApis, hubs, entra, registry, settings }: ListenerContext): readonly HttpApi[] {
  return [
    entraApi(entra),
    blobApi(hubs),
    hubApi(hubs, settings.history),
    registryApi(services.own, registry, settings),
    ...serviceApis.map(({ service, host }) => serviceApi(service, settings, host)),
    deviceApi(services, settings.history),
  ];
}

/** @param refuse returns the answer to a request that cannot be read, and to a request with changes that cannot be stored. */
function createHttpsServer(
  apis: readonly HttpApi[],
  refuse: (problem: Problem) => HttpAnswer,
  { tls, clientTimeouts, connections, durability, settings }: ListenerContext,
): Server {
  const { openingMs, requestMs, unreadMs, idleMs } = clientTimeouts;
  const bounds = {
    headersTimeout: Math.min(openingMs, requestMs),
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: Math.ceil(Math.min(openingMs, requestMs) / 4),
  };
  const { tap } = settings;
  const server = createServer(bounds, (request, response) => {
    // Reads the socket now, because a request has no socket after the end of its connection.
    const { socket } = request;
    const probation = connections.of(socket);
    probation.requested();
    // If a service throws an error, the client gets the internal error of the service instead of no answer.
    let since: number | undefined;
    const onRead = (): void => {
      since = durability.changes;
    };
    const connectionTap = tap === undefined ? undefined : tapOf(tap, socket as TLSSocket, 'https');
    const answering = answerRequest(apis, refuse, request, onRead, connectionTap).catch(() =>
      refuse(problems.internal),
    );
    void answering.then((answer) => {
      probation.answered(answer.status);
      durability.whenDurable((isDurable) => {
        const sent = isDurable ? answer : unkept(refuse, answer);
        settings.history.record({
          kind: 'wire',
          door: 'https',
          from: sent.caller,
          to: sent.service,
          message: `${request.method ?? ''} ${withoutSignature(request.url ?? '')} → ${answerText(sent)}`,
        });
        write(response, sent);
        if (!socket.writableNeedDrain) return;
        // The client has not read the whole answer yet. The listener disconnects the client if it does not read the
        // rest in time.
        afterRealTime(unreadMs, () => response.writableFinished || socket.destroy());
      }, since);
    });
  });
  // Removes the listener of Node. This listener would begin the handshake before the cloud has read the ClientHello.
  server.removeAllListeners('connection');
  tls.serve(server, 'https', (socket) => {
    if (tap !== undefined) tapOf(tap, socket, 'https');
    server.emit('secureConnection', socket);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const found = unfitRequest(error);
    if (found !== undefined) {
      const refused = { about: 'HTTP request', expected: 'HTTP/1.1', found, answer: 'the connection is closed' };
      recordRefusedOpening(settings.history, connectionCredentials(socket as TLSSocket), 'https', refused);
    }
    socket.destroy();
  });
  return server;
}

/** Tells why Node could not read a request. Returns undefined for an error of the network, because such a client sent nothing wrong. */
function unfitRequest({ code, message }: NodeJS.ErrnoException): string | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'no complete request in time';
  return code?.startsWith('HPE_') === true ? `unreadable data: ${message}` : undefined;
}

/** Returns the answer to a request whose changes the cloud could not store durably in time. The client may retry. */
function unkept(refuse: (problem: Problem) => HttpAnswer, { caller, service }: HttpAnswer): HttpAnswer {
  const refused = refuse({ ...problems.unavailable, message: notKept });
  return { ...refused, headers: { ...refused.headers, 'Retry-After': String(retryAfterSeconds) }, caller, service };
}

const notKept = 'The lab could not write the change to its state file in time. Send the request again later.';
/** Seconds after which the client may retry. Azure documents no value. This value covers the delay of a slow disk. */
const retryAfterSeconds = 5;

/** Removes the shared access signature from a URL, because every reader of the history could use it to access the blob. */
function withoutSignature(url: string): string {
  return url.replace(/([?&]sig=)[^&]*/g, '$1…');
}

function answerText({ status, body, dropped, secret }: HttpAnswer): string {
  if (dropped === true) return 'an injected fault closes the connection';
  return `${status} ${secret === true ? '(with keys)' : (JSON.stringify(body) ?? '')}`;
}

/**
 * Reads a request and passes it to the API that claims it.
 *
 * @param onRead the function calls it when it has read the part of the request that the API needs.
 * @param tap the tap of the connection; undefined if the cloud has no tap.
 */
async function answerRequest(
  apis: readonly HttpApi[],
  refuse: (problem: Problem) => HttpAnswer,
  incoming: IncomingMessage,
  onRead: () => void,
  tap: ConnectionTap | undefined,
): Promise<HttpAnswer> {
  // Reads the certificates first, because they are not available after the client has disconnected.
  const credentials = credentialsOf(incoming);
  const head = readRequest(incoming, credentials, undefined);
  const api = head === undefined ? undefined : apis.find((each) => each.claims(head));
  onRead();
  if (api?.streams === true && head !== undefined) return api.answer({ ...head, stream: incoming });
  const body = await readBody(incoming);
  if (head === undefined || api === undefined) return refuse(problems.noSuchPath);
  onRead();
  return tap === undefined ? api.answer({ ...head, body }) : tappedAnswer(api, { ...head, body }, tap);
}

/** Passes the answer of the service to the tap of the connection, and returns the answer that the tap makes of it. */
async function tappedAnswer(api: HttpApi, request: HttpRequest, tap: ConnectionTap): Promise<HttpAnswer> {
  let answer: HttpAnswer | undefined;
  const reply = await tap.exchange(request, async () => (answer = await api.answer(request)));
  return { caller: 'unknown', service: 'tap', ...defined({ secret: answer?.secret }), ...answer, ...reply };
}

function readRequest(
  incoming: IncomingMessage,
  credentials: Credentials,
  body: Buffer | undefined,
): HttpRequest | undefined {
  const { pathAndQuery: url, authority } = requestTarget(incoming.url ?? '');
  const [path = '', query = ''] = url.split('?', 2);
  const segments = decodeSegments(path);
  if (segments === undefined) return undefined;
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  return {
    method: methodOf(incoming.method ?? '', headers['x-http-method-override']),
    host: (authority ?? headers['host'] ?? '').replace(/:\d+$/, '').toLowerCase(),
    url,
    path: segments,
    query: new URLSearchParams(query),
    headers,
    body,
    credentials,
  };
}

/**
 * Returns the method of a request. The HTTP client of Java has no PATCH, so the Java SDKs send POST with
 * `X-HTTP-Method-Override: PATCH`.
 */
function methodOf(method: string, override: string | undefined): string {
  return method === 'POST' && override?.toUpperCase() === 'PATCH' ? 'PATCH' : method;
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function credentialsOf(request: IncomingMessage): Credentials {
  const credentials = connectionCredentials(request.socket as TLSSocket);
  const token = request.headers.authorization;
  return token === undefined ? credentials : { ...credentials, token };
}

/** Returns the whole body, or undefined if the body is larger than any service accepts. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request) {
      length += (part as Buffer).length;
      if (length <= bodyLimit) parts.push(part as Buffer);
      else if (length > bodyLimit * 8) break;
    }
  } catch {
    // The client has disconnected, so it would not get an answer.
  }
  return length > bodyLimit ? undefined : Buffer.concat(parts);
}

/** Maximum number of bytes of a body. A message to a hub has at most 256 KB, and several messages as JSON need more. */
const bodyLimit = 384 * 1024;

function write(response: ServerResponse, answer: HttpAnswer): void {
  if (answer.dropped === true) {
    response.destroy();
    return;
  }
  const tooLarge = answer.status === problems.bodyTooLarge.status;
  response.writeHead(answer.status, {
    ...(answer.body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    ...answer.headers,
    ...(tooLarge ? { Connection: 'close' } : {}),
  });
  // Writes the body before `end`, so that Node sends it chunked, as the real service does.
  if (answer.body !== undefined) response.write(JSON.stringify(answer.body));
  else if (answer.raw !== undefined) response.write(answer.raw);
  response.end();
}
