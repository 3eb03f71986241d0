import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Failure, type Result, succeeded } from '../../core/result.ts';
import { readBody } from './local-http.ts';

/** A response with a status and a JSON body. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The path and query of a request. */
interface Target {
  /** Segments of the path, percent-decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** An authenticated request. */
export interface LocalRequest extends Target {
  readonly method: string;
  /** Parsed JSON; undefined if the body is empty. */
  readonly body: unknown;
}

/** The reason why a request is refused, with the HTTP status. */
export interface HttpFailure extends Failure {
  readonly status: number;
}

/** A server that only programs on this computer can reach. */
export interface LocalServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves HTTP on 127.0.0.1.
 *
 * @param respond answers a request. If it rejects, the client gets status 500.
 * @throws Error of the system if the port cannot be opened.
 */
export async function openLocalServer(
  port: number,
  respond: (incoming: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<LocalServer> {
  const server = createServer((incoming, response) => {
    respond(incoming, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, internalError(error));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Returns an answer that refuses a request, with a message for the client. */
export function refusal(status: number, error: string): JsonAnswer {
  return { status, body: { error } };
}

/** Returns the answer to a request that failed because of a bug. */
export function internalError(error: unknown): JsonAnswer {
  return refusal(500, `internal error: ${String(error)}`);
}

/** Sends a JSON answer. */
export function sendJson(
  response: ServerResponse,
  { status, body }: JsonAnswer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'Cache-Control': 'no-store',
    ...headers,
    // The server did not read the rest of a body that is too large, so it must close the connection.
    ...(status === 413 ? { Connection: 'close' } : {}),
    'Content-Type': 'application/json; charset=utf-8',
  });
  response.end(`${JSON.stringify(body)}\n`);
}

/** Reads path and query. Fails with 400 if the percent-encoding is wrong. */
export function readTarget({ url = '/' }: IncomingMessage): Result<Target, HttpFailure> {
  try {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    return succeeded({ path: pathname.split('/').filter(Boolean).map(decodeURIComponent), query: searchParams });
  } catch {
    return httpFailure(400, 'the percent-encoding of the path is invalid');
  }
}

/**
 * Reads a JSON body; undefined if it is empty.
 *
 * @param limit in octets. A longer body fails with 413.
 * @param needsType if true, a body without `Content-Type: application/json` fails with 415: a form of another page cannot send that type.
 */
export async function readJsonBody(
  incoming: IncomingMessage,
  limit: number,
  needsType = false,
): Promise<Result<unknown, HttpFailure>> {
  const text = await readBody(incoming, limit);
  if (text === undefined) return httpFailure(413, `the body is larger than ${limit / 1024} KB`);
  if (text === '') return succeeded(undefined);
  if (needsType && !/^application\/json[ \t]*(;|$)/i.test(incoming.headers['content-type'] ?? '')) {
    return httpFailure(415, 'expected Content-Type: application/json');
  }
  try {
    return succeeded(JSON.parse(text));
  } catch {
    return httpFailure(400, 'the body is not JSON');
  }
}

function httpFailure(status: number, sentence: string): Result<never, HttpFailure> {
  return { ok: false, failure: { code: `http-${status}`, status, sentence } };
}
