/** Where a request goes: path and query, and the host if the target names it. */
interface RequestTarget {
  readonly pathAndQuery: string;
  /** With a port if it has one; undefined in origin-form, where the Host header says it. */
  readonly authority: string | undefined;
}

/**
 * Reads the target of a request line in origin-form, as in `/path?query`, or in absolute-form, as in `https://host/path?query`,
 * which each server has to accept and whose host counts before the Host header (RFC 9112 3.2.2). The WebSockets of Microsoft's Java
 * SDK ask for AMQP in absolute-form.
 */
export function requestTarget(target: string): RequestTarget {
  const [, authority, pathAndQuery = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  if (authority === undefined) return { pathAndQuery: target, authority: undefined };
  return { pathAndQuery: pathAndQuery.startsWith('/') ? pathAndQuery : `/${pathAndQuery}`, authority };
}
