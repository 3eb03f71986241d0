import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { alwaysDurable, type Durability } from '../../core/cloud/durability.ts';
import { isOurHost, isToken, readBody } from '../process/local-http.ts';

/** What a route answers: JSON with a status. */
export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One request that has shown the token. */
export interface ControlRequest {
  readonly method: string;
  /** Segments of the path, percent-decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined where the body was empty. */
  readonly body: unknown;
}

/** The lab's own API, for the people and programs that run the lab; devices never see it. */
export interface ControlServer {
  readonly url: string;
  /** To show as `Authorization: Bearer …`; another one in each run. */
  readonly token: string;
  close(): Promise<void>;
}

/**
 * Serves the control API on 127.0.0.1, whatever the lab listens on. A page in a browser cannot use it: no origin is let in,
 * and a name that leads to 127.0.0.1 by a trick is not ours.
 *
 * @param durability what an answer to a change waits for. Default: for nothing.
 * @throws Error of the system where the port cannot be had.
 */
export async function openControlServer(
  port: number,
  answer: (request: ControlRequest) => ControlAnswer,
  durability: Durability = alwaysDurable,
): Promise<ControlServer> {
  const token = randomBytes(32).toString('hex');
  const server = createServer((incoming, response) => {
    void answerRequest(incoming, token, answer)
      .catch((error: unknown) => refusal(500, `a fault of rehearse itself: ${String(error)}`))
      .then((answered) => {
        // Questions are answered also while the disk is full: they help to find out what is wrong.
        if (incoming.method === 'GET') write(response, answered);
        else durability.whenDurable((isDurable) => write(response, isDurable ? answered : refusal(503, notKept)));
      });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    close: async () => {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

function write(response: ServerResponse, { status, body }: ControlAnswer): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

const notKept =
  'it is done, but the state file cannot be written: it will be lost if the lab ends before that works again';

export function refusal(status: number, error: string): ControlAnswer {
  return { status, body: { error } };
}

async function answerRequest(
  incoming: IncomingMessage,
  token: string,
  answer: (request: ControlRequest) => ControlAnswer,
): Promise<ControlAnswer> {
  if (incoming.headers.origin !== undefined || !isOurHost(incoming.headers.host)) {
    return refusal(403, 'web pages may not use the control API');
  }
  if (!isToken(incoming.headers.authorization, token)) {
    return refusal(
      401,
      'expected the header "Authorization: Bearer TOKEN", with the token that was printed at the start',
    );
  }
  const text = await readBody(incoming, bodyLimit);
  if (text === undefined) return refusal(413, `the body is larger than ${bodyLimit / 1024} KB`);
  let url: URL;
  let path: string[];
  let body: unknown;
  try {
    url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return refusal(400, 'the path cannot be read');
  }
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    return refusal(400, 'the body is no JSON');
  }
  return answer({ method: incoming.method ?? '', path, query: url.searchParams, body });
}

const bodyLimit = 64 * 1024;
