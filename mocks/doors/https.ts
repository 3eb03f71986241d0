import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { deviceApiVersions, type RegisterBody } from '../../core/dps-wire.ts';
import type { History } from '../../core/history.ts';
import { peerChain } from '../../core/peer-chain.ts';
import { problems, type Problem } from '../../core/problems.ts';
import type { Answer } from '../dps/answer.ts';
import type { Credentials } from '../dps/credentials.ts';
import type { ProvisioningService } from '../dps/service.ts';
import { readRegisterBody } from './register-body.ts';
import type { ServerIdentity } from './server-identity.ts';
import { tlsSettings } from './tls.ts';

/** The device API over HTTPS: reads a request, asks the service, writes its answer. */
export function openHttpsDoor(service: ProvisioningService, identity: ServerIdentity, history: History): Server {
  const server = createServer(tlsSettings(identity), (request, response) => {
    void answerRequest(service, request).then((answered) => {
      history.record({
        kind: 'wire',
        door: 'https',
        from: answered.registrationId,
        to: 'dps',
        message: `${request.method ?? ''} ${request.url ?? ''} → ${answered.answer.status} ${JSON.stringify(answered.answer.body)}`,
      });
      write(response, request, answered.answer);
    });
  });
  server.on('tlsClientError', () => {});
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}

async function answerRequest(
  service: ProvisioningService,
  request: IncomingMessage,
): Promise<{ readonly registrationId: string; readonly answer: Answer }> {
  const read = await readBody(request);
  const route = findRoute(request);
  const registrationId = 'problem' in route ? 'unknown' : route.registrationId;
  const refuse = (problem: Problem) => ({ registrationId, answer: service.refuse(problem) });
  if ('problem' in route) return refuse(route.problem);
  if (read === undefined) return refuse(problems.bodyTooLarge);
  if (!deviceApiVersions.includes(route.query.get('api-version') ?? '')) return refuse(problems.apiVersion);

  const { idScope } = route;
  const credentials = credentialsOf(request);
  if (route.kind === 'operation') {
    return { registrationId, answer: service.operationStatus(idScope, registrationId, route.operationId, credentials) };
  }
  if (!isJson(request)) return refuse(problems.unsupportedMediaType);
  const body = readRegisterBody(read, registrationId);
  if ('problem' in body) return refuse(body.problem);
  return { registrationId, answer: ask(service, route, credentials, body.body) };
}

function ask(service: ProvisioningService, route: Route, credentials: Credentials, body: RegisterBody): Answer {
  return route.kind === 'register'
    ? service.register(route.idScope, route.registrationId, credentials, body)
    : service.status(route.idScope, route.registrationId, credentials, body);
}

type Route = { readonly idScope: string; readonly registrationId: string; readonly query: URLSearchParams } & (
  | { readonly kind: 'register' | 'status' }
  | { readonly kind: 'operation'; readonly operationId: string }
);

function findRoute(request: IncomingMessage): Route | { readonly problem: Problem } {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const segments = decodeSegments(path);
  if (segments === undefined) return { problem: problems.noSuchPath };
  const [idScope, registrations, registrationId, verb, operationId] = segments;
  if (idScope === undefined || registrations?.toLowerCase() !== 'registrations' || !registrationId) {
    return { problem: problems.noSuchPath };
  }
  const found = { idScope, registrationId, query: new URLSearchParams(query) };
  const wanted = wantedOf(segments.length, verb?.toLowerCase());
  if (wanted === undefined) return { problem: problems.noSuchPath };
  if (request.method !== wanted.method) return { problem: problems.methodNotAllowed };
  return wanted.kind === 'operation'
    ? { ...found, kind: 'operation', operationId: operationId ?? '' }
    : { ...found, kind: wanted.kind };
}

function wantedOf(length: number, verb: string | undefined) {
  if (length === 3) return { method: 'POST', kind: 'status' } as const;
  if (length === 4 && verb === 'register') return { method: 'PUT', kind: 'register' } as const;
  if (length === 5 && verb === 'operations') return { method: 'GET', kind: 'operation' } as const;
  return undefined;
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function credentialsOf(request: IncomingMessage): Credentials {
  const certificates = peerChain(request.socket as TLSSocket);
  const token = request.headers.authorization;
  return token === undefined ? { certificates } : { certificates, token };
}

function isJson(request: IncomingMessage): boolean {
  const type = request.headers['content-type'];
  return type === undefined || /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type);
}

/** The whole body, or undefined where it is larger than the service takes. */
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
    // The client went away: whatever is answered, nobody reads it.
  }
  return length > bodyLimit ? undefined : Buffer.concat(parts);
}

const bodyLimit = 96 * 1024;

function write(response: ServerResponse, request: IncomingMessage, answer: Answer): void {
  const tooLarge = answer.status === problems.bodyTooLarge.status;
  response.writeHead(answer.status, {
    'Content-Type': 'application/json; charset=utf-8',
    'x-ms-request-id': answer.trackingId,
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    ...(answer.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(answer.retryAfterSeconds) }),
    ...(answer.status === 202 && request.method === 'PUT'
      ? { Location: `https://${request.headers.host ?? ''}${(request.url ?? '').split('?')[0] ?? ''}` }
      : {}),
    ...('errorCode' in answer.body ? { 'x-ms-error-code': String(answer.body.errorCode) } : {}),
    ...(tooLarge ? { Connection: 'close' } : {}),
  });
  // Written before it is ended, so that it goes out chunked, as the service's answers do.
  response.write(JSON.stringify(answer.body));
  response.end();
}
