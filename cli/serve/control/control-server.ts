import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import { alwaysDurable, type Durability } from '../../../core/cloud/durability.ts';
import { isOurHost, isOwnPage, isToken } from '../../process/local-http.ts';
import { sendPage } from '../../process/send-page.ts';
import { livePageText } from '../../bundle/page-text.ts';
import {
  internalError,
  type JsonAnswer,
  type LocalRequest,
  type LocalServer,
  openLocalServer,
  readJsonBody,
  readTarget,
  refusal,
  sendJson,
} from '../../process/local-server.ts';

/** The control API of a lab, for the people and programs that run the lab. Devices do not use it. */
export interface ControlServer extends LocalServer {
  /** Token that a client sends as `Authorization: Bearer …`. Each start of the lab draws a new token. */
  readonly token: string;
}

/** A JSON answer, or a stream of server-sent events. The function `stream` receives the value of the header `Last-Event-ID`. */
export type ControlAnswer =
  | JsonAnswer
  | { readonly stream: (response: ServerResponse, lastEventId: string | undefined) => void };

/**
 * Serves the control API on 127.0.0.1, even if the lab listens at another address. `GET /` returns the live page without a token. The
 * fragment of the page's address has the token, and browsers do not send fragments; the page adds the token to each of its requests. Refuses
 * pages of other origins and other host names.
 *
 * @param durability delays the answer to a change until the change is saved. Default: no delay.
 * @throws Error of the system if the port cannot be opened.
 */
export async function openControlServer(
  port: number,
  answer: (request: LocalRequest) => ControlAnswer | Promise<ControlAnswer>,
  durability: Durability = alwaysDurable,
): Promise<ControlServer> {
  const token = randomBytes(32).toString('hex');
  const server = await openLocalServer(port, async (incoming, response) => {
    if (isOurs(incoming) && incoming.method === 'GET' && incoming.url === '/')
      return sendPage(response, livePageText());
    const answered = await answerRequest(incoming, token, answer).catch(internalError);
    if ('stream' in answered) return answered.stream(response, lastEventId(incoming));
    // GET requests are answered while the disk is full too: they help to find the cause.
    if (incoming.method === 'GET') sendJson(response, answered);
    else durability.whenDurable((isDurable) => sendJson(response, isDurable ? answered : refusal(503, notSaved)));
  });
  return { ...server, token };
}

/** Returns false for pages of other origins, and for other host names that resolve to this computer (DNS rebinding). */
function isOurs({ headers }: IncomingMessage): boolean {
  return isOurHost(headers.host) && isOwnPage(headers);
}

function lastEventId({ headers }: IncomingMessage): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
}

const notSaved =
  'the change was made but not saved, because the state file cannot be written; the change is lost if the lab ends before the next successful save';

async function answerRequest(
  incoming: IncomingMessage,
  token: string,
  answer: (request: LocalRequest) => ControlAnswer | Promise<ControlAnswer>,
): Promise<ControlAnswer> {
  const { headers, method = '' } = incoming;
  if (!isOurs(incoming)) {
    return refusal(403, 'pages of other origins may not use the control API');
  }
  if (!isToken(headers.authorization, token)) {
    return refusal(
      401,
      'expected the header "Authorization: Bearer TOKEN", with the token that `rehearse serve` printed at its start',
    );
  }
  const target = readTarget(incoming);
  if (!target.ok) return refusal(target.failure.status, target.failure.sentence);
  const body = await readJsonBody(incoming, bodyLimit);
  if (!body.ok) return refusal(body.failure.status, body.failure.sentence);
  return answer({ method, ...target.value, body: body.value });
}

/** Octets. */
const bodyLimit = 64 * 1024;
