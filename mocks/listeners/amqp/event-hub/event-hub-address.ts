import { segmentsOf } from '../../../event-hub/audience.ts';

/** The address of a link at the Event Hubs namespace. */
export type EventHubAddress =
  | { readonly kind: 'cbs' }
  | { readonly kind: 'management' }
  /** A partition that a client reads for a consumer group. */
  | {
      readonly kind: 'partition';
      readonly entity: string;
      readonly consumerGroup: string;
      readonly partitionId: string;
      /** Segments of the path below the host, as the client sent them. */
      readonly path: readonly string[];
    }
  /** Any other address, such as an event hub to which a client sends. */
  | { readonly kind: 'entity'; readonly entity: string; readonly path: readonly string[] };

/**
 * Parses the address of a link: `$cbs`, `$management` or `{entity}/ConsumerGroups/{group}/Partitions/{id}`, with or
 * without `amqps://{host}:{port}/` before it. As in the real service, the case of letters does not matter.
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
