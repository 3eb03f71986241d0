import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isOurHost, isToken, readBody } from '../process/local-http.ts';

/** Who asks: the presenter may do everything, the audience sees what it is shown. */
type Visitor = 'presenter' | 'audience';

/** A request that has shown a token. */
export interface StudioRequest {
  readonly visitor: Visitor;
  readonly method: string;
  /** Segments below `/api/`, percent-decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined where there was none. */
  readonly body: unknown;
}

/** JSON with a status, or lines that go on: `lines` is called with what writes one, and returns how to end it. */
export type StudioAnswer = { readonly status: number; readonly body: unknown } | { readonly lines: Lines };

type Lines = (write: (line: unknown) => void, end: () => void) => () => void;

export interface StudioServer {
  readonly url: string;
  readonly tokens: Readonly<Record<Visitor, string>>;
  close(): Promise<void>;
}

/**
 * Serves the studio on 127.0.0.1. A page of another origin can do nothing here: it knows no token, it is not let in by its
 * origin, and its requests are of a kind that is not taken.
 *
 * @param page the page, with `nonceMark` where a nonce goes.
 * @throws Error of the system where the port cannot be had.
 */
export async function openStudioServer(
  port: number,
  page: string,
  answer: (request: StudioRequest) => StudioAnswer | Promise<StudioAnswer>,
): Promise<StudioServer> {
  const tokens = { presenter: randomBytes(32).toString('hex'), audience: randomBytes(32).toString('hex') };
  const server = createServer((incoming, response) => {
    respond(incoming, response, { tokens, page, answer }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, refusal(500, `a fault of rehearse itself: ${String(error)}`));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens,
    close: async () => {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

export function refusal(status: number, error: string): StudioAnswer {
  return { status, body: { error } };
}

/** In the page, where the nonce of its style goes. */
const nonceMark = 'NONCE-OF-THIS-ANSWER';

interface Served {
  readonly tokens: Readonly<Record<Visitor, string>>;
  readonly page: string;
  readonly answer: (request: StudioRequest) => StudioAnswer | Promise<StudioAnswer>;
}

async function respond(incoming: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const stranger = strangerIn(incoming);
  if (stranger !== undefined) return send(response, refusal(403, stranger));
  let url: URL;
  let path: string[];
  try {
    url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return send(response, refusal(400, 'the path cannot be read'));
  }
  if (path.length === 0 && incoming.method === 'GET') return sendPage(response, served.page);
  if (path.shift() !== 'api') return send(response, refusal(404, 'there is the page at / and its API below /api/'));
  const visitor = visitorOf(incoming, served.tokens);
  if (visitor === undefined) {
    return send(
      response,
      refusal(401, 'expected the token that was printed at the start; open the address that stands there'),
    );
  }
  const read = await readJson(incoming);
  if ('status' in read) return send(response, read);
  const { method = '' } = incoming;
  const answer = await served.answer({ visitor, method, path, query: url.searchParams, body: read.json });
  if ('lines' in answer) return sendLines(response, answer.lines);
  send(response, answer);
}

/** Why somebody is not let near: a sentence, or undefined for our own page and for programs on this computer. */
function strangerIn({ headers }: IncomingMessage): string | undefined {
  const { host, origin } = headers;
  if (!isOurHost(host)) return 'the studio is reached at 127.0.0.1 and by no other name';
  if (origin !== undefined && origin !== `http://${host ?? ''}`) return 'pages of other origins may not use the studio';
  const site = headers['sec-fetch-site'];
  // `none`: somebody typed the address.
  return site === undefined || site === 'same-origin' || site === 'none'
    ? undefined
    : 'pages of other origins may not use the studio';
}

function visitorOf({ headers }: IncomingMessage, tokens: Readonly<Record<Visitor, string>>): Visitor | undefined {
  if (isToken(headers.authorization, tokens.presenter)) return 'presenter';
  return isToken(headers.authorization, tokens.audience) ? 'audience' : undefined;
}

async function readJson(
  incoming: IncomingMessage,
): Promise<{ readonly json: unknown } | { readonly status: number; readonly body: unknown }> {
  const text = await readBody(incoming, bodyLimit);
  if (text === undefined) return { status: 413, body: { error: `the body is larger than ${bodyLimit / 1024} KB` } };
  if (text === '') return { json: undefined };
  // A form of another page cannot send this type.
  if (!/^application\/json[ \t]*(;|$)/i.test(incoming.headers['content-type'] ?? '')) {
    return { status: 415, body: { error: 'expected Content-Type: application/json' } };
  }
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { status: 400, body: { error: 'the body is no JSON' } };
  }
}

/** As large as a scenario file may be, and what stands around it. */
const bodyLimit = 1100 * 1024;

function send(response: ServerResponse, answer: StudioAnswer): void {
  if (!('status' in answer)) return;
  response.writeHead(answer.status, {
    ...safeHeaders,
    // Of a body that was too large not all was read.
    ...(answer.status === 413 ? { Connection: 'close' } : {}),
    'Content-Type': 'application/json; charset=utf-8',
  });
  response.end(`${JSON.stringify(answer.body)}\n`);
}

function sendLines(response: ServerResponse, lines: Lines): void {
  response.writeHead(200, { ...safeHeaders, 'Content-Type': 'application/x-ndjson; charset=utf-8' });
  response.flushHeaders();
  const stop = lines(
    (line) => response.write(`${JSON.stringify(line)}\n`),
    () => response.end(),
  );
  response.on('close', stop);
}

function sendPage(response: ServerResponse, page: string): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    ...safeHeaders,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      `default-src 'none'`,
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
      `connect-src 'self'`,
      // Marks of the editor, which are in its script.
      `img-src data:`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'none'`,
      `require-trusted-types-for 'script'`,
      `trusted-types 'none'`,
    ].join('; '),
  });
  response.end(page.replaceAll(nonceMark, nonce));
}

const safeHeaders = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
