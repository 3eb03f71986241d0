import { request as httpsRequest, type Agent } from 'node:https';
import type { Reachable } from './reachable.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';

/** A client certificate: PEM of the leaf with its chain, and PEM of the key. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Buffer;
  /** Headers of the request. Content-Type is JSON by default; null omits a header. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly client?: ClientCertificate | undefined;
  /** Time limit for the answer in milliseconds. Default: 5000. */
  readonly limitMs?: number | undefined;
  /** Connections that several requests share. Default: a separate connection. */
  readonly agent?: Agent | undefined;
}

export interface RawAnswer {
  readonly status: number;
  readonly statusMessage: string;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** JSON body of the answer; undefined if the body is not JSON. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Sends one HTTPS request. Like a device, the client verifies the chain and the name of the server. */
export function ask(cloud: Reachable, given: RawRequest): Promise<RawAnswer> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries({ 'Content-Type': 'application/json; charset=utf-8', ...given.headers })) {
    if (value !== null) headers[name] = value;
  }
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port: cloud.ports.https,
        servername: globalEndpoint,
        ca: pemOf(cloud.serverRoot),
        agent: given.agent ?? false,
        method: given.method ?? 'GET',
        path: given.path,
        headers: { Host: globalEndpoint, ...headers },
        timeout: given.limitMs ?? 5000,
        ...given.client,
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            statusMessage: response.statusMessage ?? '',
            httpVersion: response.httpVersion,
            headers: response.headers,
            text,
            body: parse(text),
          });
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer within ${(given.limitMs ?? 5000) / 1000} s`)));
    request.on('error', reject);
    if (given.body !== undefined) request.setHeader('Content-Length', Buffer.byteLength(given.body));
    request.end(given.body);
  });
}

export function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
