/** The target of a request: path and query, and the host if the target names it. */
interface RequestTarget {
  readonly pathAndQuery: string;
  /** The host with its port, if the target has a port. Undefined in origin-form, in which the Host header names the host. */
  readonly authority: string | undefined;
}

/**
 * Reads the target of a request line in origin-form, such as `/path?query`, or in absolute-form, such as `https://host/path?query`. Every
 * server must accept the absolute form, and its host has priority over the Host header (RFC 9112 3.2.2). The WebSockets of Microsoft's Java
 * SDK use it for AMQP.
 */
export function requestTarget(target: string): RequestTarget {
  const [, authority, pathAndQuery = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  if (authority === undefined) return { pathAndQuery: target, authority: undefined };
  return { pathAndQuery: pathAndQuery.startsWith('/') ? pathAndQuery : `/${pathAndQuery}`, authority };
}
