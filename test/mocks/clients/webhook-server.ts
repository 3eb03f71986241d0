import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A real web server on the loopback interface, in place of the webhook of a customer. */
export interface WebhookServer {
  readonly url: string;
  /** The JSON bodies of all requests, in order. */
  readonly questions: Record<string, unknown>[];
  /** Headers of the last request. */
  headers(): IncomingMessage['headers'];
  /** Sets the answer to the following requests. */
  answerWith(answer: (response: ServerResponse, question: Record<string, unknown>) => void): void;
  close(): Promise<void>;
}

/** Returns a handler that answers with status 200 and the given JSON. */
export const saying =
  (body: unknown) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  };

/** Starts a web service that answers 500 until an answer is set. */
export async function openWebhook(): Promise<WebhookServer> {
  const questions: Record<string, unknown>[] = [];
  let headers: IncomingMessage['headers'] = {};
  let answer: (response: ServerResponse, question: Record<string, unknown>) => void = (response) => {
    response.writeHead(500).end();
  };
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const question = JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
      questions.push(question);
      headers = request.headers;
      answer(response, question);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/allocate?code=secret`,
    questions,
    headers: () => headers,
    answerWith: (given) => {
      answer = given;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
