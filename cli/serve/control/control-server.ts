import type { IncomingMessage } from 'node:http';
import { randomBytes } from 'node:crypto';
import { alwaysDurable, type Durability } from '../../../core/cloud/durability.ts';
import { isOurHost, isToken } from '../../process/local-http.ts';
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

/**
 * Serves the control API on 127.0.0.1, at whatever address the lab listens. A web page cannot use it: requests with an `Origin` are
 * refused, and so are host names other than 127.0.0.1 and localhost (DNS rebinding).
 *
 * @param durability delays the answer to a change until the change is saved. Default: no delay.
 * @throws Error of the system if the port cannot be opened.
 */
export async function openControlServer(
  port: number,
  answer: (request: LocalRequest) => JsonAnswer,
  durability: Durability = alwaysDurable,
): Promise<ControlServer> {
  const token = randomBytes(32).toString('hex');
  const server = await openLocalServer(port, async (incoming, response) => {
    const answered = await answerRequest(incoming, token, answer).catch(internalError);
    // GET requests are answered while the disk is full too: they help to find the cause.
    if (incoming.method === 'GET') sendJson(response, answered);
    else durability.whenDurable((isDurable) => sendJson(response, isDurable ? answered : refusal(503, notSaved)));
  });
  return { ...server, token };
}

const notSaved =
  'the change was made but not saved, because the state file cannot be written; it is lost if the lab ends before the next successful save';

async function answerRequest(
  incoming: IncomingMessage,
  token: string,
  answer: (request: LocalRequest) => JsonAnswer,
): Promise<JsonAnswer> {
  const { headers, method = '' } = incoming;
  if (headers.origin !== undefined || !isOurHost(headers.host)) {
    return refusal(403, 'web pages may not use the control API');
  }
  if (!isToken(headers.authorization, token)) {
    return refusal(
      401,
      'expected the header "Authorization: Bearer TOKEN", with the token that was printed at the start',
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
