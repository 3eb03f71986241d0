/** The target of a request: path and query, and the host if the target names it. */
interface RequestTarget {
  readonly pathAndQuery: string;
  /**
   * The host with its port, if the target contains them. Undefined if the target is in origin-form; then the Host header names
   * the host.
   */
  readonly authority: string | undefined;
}

/**
 * Reads the target of a request line in origin-form, such as `/path?query`, or in absolute-form, such as
 * `https://host/path?query`. Every server must accept absolute-form, and the host in it has priority over the Host header (RFC
 * 9112 3.2.2). Microsoft's Java SDK uses absolute-form for AMQP over WebSocket.
 */
export function requestTarget(target: string): RequestTarget {
  const [, authority, pathAndQuery = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  if (authority === undefined) return { pathAndQuery: target, authority: undefined };
  return { pathAndQuery: pathAndQuery.startsWith('/') ? pathAndQuery : `/${pathAndQuery}`, authority };
}
