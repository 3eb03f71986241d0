import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { done, failed, type Result } from '../../core/result.ts';
import { isOurHost, isOwnPage, isToken } from '../process/local-http.ts';
import { safeHeaders, sendPage } from '../process/send-page.ts';
import {
  type JsonAnswer,
  type LocalRequest,
  type LocalServer,
  openLocalServer,
  readJsonBody,
  readTarget,
  refusal,
  sendJson,
} from '../process/local-server.ts';

/** The two roles of a client: the presenter may do everything, the audience sees what the presenter shows. */
type Visitor = 'presenter' | 'audience';

/** An authenticated request. Its path is below `/api/`. */
export interface StudioRequest extends LocalRequest {
  readonly visitor: Visitor;
}

/**
 * A JSON answer, or a stream of JSON lines. `lines` receives a function that writes a line, and returns a function that ends the stream.
 */
export type StudioAnswer = JsonAnswer | { readonly lines: Lines };

type Lines = (write: (line: unknown) => void, end: () => void) => () => void;

/** The server of the studio, with the token of each role. */
export interface StudioServer extends LocalServer {
  readonly tokens: Readonly<Record<Visitor, string>>;
}

/**
 * Serves the studio on 127.0.0.1. A page of another origin cannot use it: it knows no token, its `Origin` is refused, and a form
 * cannot send the required content type.
 *
 * @param page the page, with a placeholder in place of the nonce.
 * @throws Error of the system if the port cannot be opened.
 */
export async function openStudioServer(
  port: number,
  page: string,
  answer: (request: StudioRequest) => StudioAnswer | Promise<StudioAnswer>,
): Promise<StudioServer> {
  const tokens = { presenter: randomBytes(32).toString('hex'), audience: randomBytes(32).toString('hex') };
  const server = await openLocalServer(port, (incoming, response) =>
    respond(incoming, response, { tokens, page, answer }),
  );
  return { ...server, tokens };
}

interface Served {
  readonly tokens: Readonly<Record<Visitor, string>>;
  readonly page: string;
  readonly answer: (request: StudioRequest) => StudioAnswer | Promise<StudioAnswer>;
}

async function respond(incoming: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const origin = checkOrigin(incoming);
  if (!origin.ok) return send(response, refusal(403, origin.failure.sentence));
  const target = readTarget(incoming);
  if (!target.ok) return send(response, refusal(target.failure.status, target.failure.sentence));
  const { path, query } = target.value;
  if (path.length === 0 && incoming.method === 'GET') return sendPage(response, served.page);
  if (path[0] !== 'api') return send(response, refusal(404, 'not found; the page is at / and its API below /api/'));
  const visitor = visitorOf(incoming, served.tokens);
  if (visitor === undefined) {
    return send(
      response,
      refusal(401, 'expected a token that `rehearse studio` printed at its start; open the whole printed address'),
    );
  }
  const body = await readJsonBody(incoming, bodyLimit, true);
  if (!body.ok) return send(response, refusal(body.failure.status, body.failure.sentence));
  const { method = '' } = incoming;
  const answer = await served.answer({ visitor, method, path: path.slice(1), query, body: body.value });
  if ('lines' in answer) sendLines(response, answer.lines);
  else send(response, answer);
}

/** Accepts requests of the studio page and of programs on this computer. Refuses other pages and other host names. */
function checkOrigin({ headers }: IncomingMessage): Result<undefined> {
  if (!isOurHost(headers.host)) return failed('host', 'the studio answers only at 127.0.0.1 and localhost');
  return isOwnPage(headers) ? done : failed('origin', 'pages of other origins may not use the studio');
}

function visitorOf({ headers }: IncomingMessage, tokens: Readonly<Record<Visitor, string>>): Visitor | undefined {
  if (isToken(headers.authorization, tokens.presenter)) return 'presenter';
  return isToken(headers.authorization, tokens.audience) ? 'audience' : undefined;
}

/** Maximum size of a body in octets: the limit of a scenario file, plus some for the JSON around it. */
const bodyLimit = 1100 * 1024;

function send(response: ServerResponse, answer: JsonAnswer): void {
  sendJson(response, answer, safeHeaders);
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
