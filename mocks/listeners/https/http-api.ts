import type { Credentials } from '../../shared/credentials.ts';

/** One HTTPS request, read and bounded, before anybody has judged it. */
export interface HttpRequest {
  readonly method: string;
  /** The Host header in lower case without its port; empty where there was none. */
  readonly host: string;
  /** As written, with the query. */
  readonly url: string;
  /** Segments between the slashes, percent-decoded; one empty segment at the end stands for a trailing slash. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** undefined where the body is larger than the services take. */
  readonly body: Buffer | undefined;
  readonly credentials: Credentials;
  /** The body as it comes in, for an API with `streams`; `body` is empty then. */
  readonly stream?: AsyncIterable<Buffer>;
}

/** What is sent back. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; no body at all where absent. */
  readonly body?: unknown;
  /** The body holds keys: the history says so in place of it. */
  readonly secret?: boolean;
  /** In place of `body`: octets as they are. */
  readonly raw?: Buffer;
  /** The connection is cut in place of the answer. */
  readonly dropped?: true;
  /** Whom the history names as the caller; the registration or device ID where one is known. */
  readonly caller: string;
  /** Which service it was, for the history. */
  readonly service: string;
}

/** One service behind the HTTPS listener, which several share: told apart by host and path. */
export interface HttpApi {
  /** Whether it reads the body itself, of any size. `claims` never sees a body. */
  readonly streams?: boolean;
  claims(request: HttpRequest): boolean;
  answer(request: HttpRequest): Promise<HttpAnswer>;
}
