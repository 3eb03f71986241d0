import type { Millis } from '../../core/time/clock.ts';

/**
 * The position at which a reader starts in a partition. `earliest` is the oldest retained event, `latest` is after the newest. A
 * reader with a position by number or time starts after that event, or at that event if `isInclusive`.
 */
export type EventPosition =
  | { readonly by: 'earliest' }
  | { readonly by: 'latest' }
  | { readonly by: 'offset' | 'sequenceNumber'; readonly value: number; readonly isInclusive: boolean }
  | { readonly by: 'enqueuedTime'; readonly value: Millis; readonly isInclusive: boolean };

/**
 * Reads a position from a selector filter that an Event Hubs client wrote, such as `amqp.annotation.x-opt-offset > '120'`.
 * @returns undefined if the text is another filter.
 */
export function parseEventPosition(filter: string): EventPosition | undefined {
  const [, name = '', operator, value = ''] = pattern.exec(filter.trim()) ?? [];
  const by = fields[name.toLowerCase()];
  if (by === undefined) return undefined;
  // Clients write `>= '@latest'` for an inclusive start. It means the same as `> '@latest'`, because no event is at the
  // end of the partition.
  if (by === 'offset' && value.toLowerCase() === '@latest') return { by: 'latest' };
  if (!/^-?\d{1,16}$/.test(value)) return undefined;
  // A negative number means the start of the partition, because all numbers start at 0.
  if (by !== 'enqueuedTime' && Number(value) < 0) return { by: 'earliest' };
  return { by, value: Number(value), isInclusive: operator === '>=' };
}

const pattern = /^amqp\.annotation\.(x-opt-[a-z-]+)\s*(>=?)\s*'?([^'\s]+)'?$/i;

const fields: Readonly<Record<string, 'offset' | 'sequenceNumber' | 'enqueuedTime'>> = {
  'x-opt-offset': 'offset',
  'x-opt-sequence-number': 'sequenceNumber',
  // The .NET client before 2016 wrote the time in milliseconds under this name.
  'x-opt-enqueued-time': 'enqueuedTime',
  'x-opt-enqueuedtimeutc': 'enqueuedTime',
};
