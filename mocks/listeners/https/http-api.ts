import type { Credentials } from '../../shared/credentials.ts';

/** One HTTPS request, read within the size limits and not yet authenticated. */
export interface HttpRequest {
  readonly method: string;
  /** The Host header in lower case without its port; empty without the header. */
  readonly host: string;
  /** As written, with the query. */
  readonly url: string;
  /** The segments between slashes, percent-decoded. A trailing slash adds an empty segment. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Undefined if the body is larger than the services accept. */
  readonly body: Buffer | undefined;
  readonly credentials: Credentials;
  /** The body as a stream, for an API with `streams`. `body` is empty then. */
  readonly stream?: AsyncIterable<Buffer>;
}

/** The answer to a request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. Default: no body. */
  readonly body?: unknown;
  /** True if the body has keys, so the history does not show it. */
  readonly secret?: boolean;
  /** Body as bytes, instead of `body`. */
  readonly raw?: Buffer;
  /** True if the connection is closed without an answer. */
  readonly dropped?: true;
  /** The caller for the history: the registration or device ID if one is known. */
  readonly caller: string;
  /** The service, for the history. */
  readonly service: string;
}

/** One service of the HTTPS listener. Services share the listener and are selected by host and path. */
export interface HttpApi {
  /** True if the API reads the body itself, of any size. `claims` is called before the body is read. */
  readonly streams?: boolean;
  claims(request: HttpRequest): boolean;
  answer(request: HttpRequest): Promise<HttpAnswer>;
}
