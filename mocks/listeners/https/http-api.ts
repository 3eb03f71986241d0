import type { Credentials } from '../../shared/credentials.ts';

/** One HTTPS request, read within the size limits and not yet authenticated. */
export interface HttpRequest {
  readonly method: string;
  /** The Host header in lower case, without its port; empty if the header is missing. */
  readonly host: string;
  /** The request target as the client sent it, with the query. */
  readonly url: string;
  /** The path segments between slashes, percent-decoded. A trailing slash adds an empty segment. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Headers by their name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Undefined if the body is larger than the services accept. */
  readonly body: Buffer | undefined;
  readonly credentials: Credentials;
  /** The body as a stream, if the API sets `streams`. `body` is empty in this case. */
  readonly stream?: AsyncIterable<Buffer>;
}

/** The answer of an API to an HTTPS request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON of the body. Default: the answer has no body. */
  readonly body?: unknown;
  /** True if the body contains keys. The history does not show such a body. */
  readonly secret?: boolean;
  /** The body as bytes. If given, the listener ignores `body`. */
  readonly raw?: Buffer;
  /** True if the listener closes the connection without an answer. */
  readonly dropped?: true;
  /** Name of the caller in the history: its registration ID or device ID, if known. */
  readonly caller: string;
  /** Name of the service in the history. */
  readonly service: string;
}

/** One service of the HTTPS listener. All services share the listener; host and path of a request select the service. */
export interface HttpApi {
  /**
   * True if the API reads the body as a stream, so that it may have any size. The listener calls `claims` before it
   * reads the body.
   */
  readonly streams?: boolean;
  claims(request: HttpRequest): boolean;
  answer(request: HttpRequest): Promise<HttpAnswer>;
}
