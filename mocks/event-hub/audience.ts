/** The resource for which a token for the Event Hubs namespace is valid: `sb://{host}/{entity}` or a path below it. */
export interface EventHubAudience {
  /** Host in lower case, without its port; undefined if the audience is only a path. */
  readonly host: string | undefined;
  readonly path: readonly string[];
}

/** Parses the audience of a token. Returns undefined if `name` is not a string. */
export function parseEventHubAudience(name: unknown): EventHubAudience | undefined {
  if (typeof name !== 'string') return undefined;
  const [, host] = /^[a-z]+:\/\/([^/:]+)/i.exec(decoded(name)) ?? [];
  return { host: host?.toLowerCase(), path: segmentsOf(decoded(name)) };
}

/** Returns the segments of the path below the host: decoded, and without empty segments. */
export function segmentsOf(text: string): readonly string[] {
  const path = text.replace(/^[a-z]+:\/\/[^/]*/i, '');
  return path
    .split('/')
    .filter((each) => each !== '')
    .map(decoded);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
