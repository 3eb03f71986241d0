/** The resource that a token for the Event Hubs namespace is for, `sb://{host}/{entity}` or a path below it. */
export interface EventHubAudience {
  /** In lower case, without its port; undefined if the name is a path alone. */
  readonly host: string | undefined;
  readonly path: readonly string[];
}

/** Reads an audience; undefined if `name` is not text. */
export function parseEventHubAudience(name: unknown): EventHubAudience | undefined {
  if (typeof name !== 'string') return undefined;
  const [, host] = /^[a-z]+:\/\/([^/:]+)/i.exec(decoded(name)) ?? [];
  return { host: host?.toLowerCase(), path: segmentsOf(decoded(name)) };
}

/** Returns the segments below the host, decoded and without empty ones. */
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
