import { type IncomingMessage, request } from 'node:http';

/** A request to the control API of a lab. */
export interface ControlRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/**
 * Sends a request over a new connection. `fetch` would keep the connection. After a test has blocked its process for seconds, `fetch` would
 * write to a connection that the lab has closed.
 *
 * @throws Error if the lab does not answer, or if the signal is aborted.
 */
export function controlRequest(
  url: string,
  { method, headers, body, signal }: ControlRequest,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, signal, agent: false });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
