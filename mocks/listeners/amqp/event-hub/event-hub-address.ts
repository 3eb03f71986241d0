/** What a link to the Event Hubs namespace is about. */
export type EventHubAddress =
  | { readonly kind: 'cbs' }
  | { readonly kind: 'management' }
  /** A partition read by a consumer group. */
  | {
      readonly kind: 'partition';
      readonly entity: string;
      readonly consumerGroup: string;
      readonly partitionId: string;
      /** Segments below the host, as written. */
      readonly path: readonly string[];
    }
  /** Anything else, such as an event hub to send to. */
  | { readonly kind: 'entity'; readonly entity: string; readonly path: readonly string[] };

/**
 * Reads the address of a link: `$cbs`, `$management`, `{entity}/ConsumerGroups/{group}/Partitions/{id}`, also behind
 * `amqps://{host}:{port}/`. Words are compared without case, as the service does.
 */
export function parseEventHubAddress(text: string | undefined): EventHubAddress {
  const path = segmentsOf(text ?? '');
  const [entity = '', groups, consumerGroup, partitions, partitionId] = path;
  const name = entity.toLowerCase();
  if (path.length === 1 && name === '$cbs') return { kind: 'cbs' };
  if (path.length <= 2 && path.at(-1)?.toLowerCase() === '$management') return { kind: 'management' };
  const isPartition =
    path.length === 5 && groups?.toLowerCase() === 'consumergroups' && partitions?.toLowerCase() === 'partitions';
  return isPartition && consumerGroup !== undefined && partitionId !== undefined
    ? { kind: 'partition', entity, consumerGroup, partitionId, path }
    : { kind: 'entity', entity, path };
}

/** What a token is put for, `sb://{host}/{entity}` and below. */
export interface EventHubAudience {
  /** In lower case, without its port; undefined if the name is a path alone. */
  readonly host: string | undefined;
  readonly path: readonly string[];
}

export function parseEventHubAudience(name: unknown): EventHubAudience | undefined {
  if (typeof name !== 'string') return undefined;
  const [, host] = /^[a-z]+:\/\/([^/:]+)/i.exec(decoded(name)) ?? [];
  return { host: host?.toLowerCase(), path: segmentsOf(decoded(name)) };
}

/** Segments below the host, decoded; empty ones are left out. */
function segmentsOf(text: string): readonly string[] {
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
