import type { Sender } from 'rhea';

/** The properties with which a client attaches a link that reads a partition. */
export interface ReaderWords {
  /** Receiver name that the client sent; empty if the client sent none. */
  readonly name: string;
  readonly ownerLevel: number | undefined;
  /** True if the client wants the position of the end of the partition in each event. */
  readonly isTracking: boolean;
  /** The selector filter; undefined if the client sent no filter. */
  readonly filter: string | undefined;
}

export function readerWords(link: Sender): ReaderWords {
  const { properties, source, desired_capabilities: desired } = link as unknown as Attached;
  const capabilities: readonly unknown[] = [desired ?? []].flat();
  const filter = Object.entries(source?.filter ?? {}).find(([name]) => name.startsWith(selectorName));
  const level = numberIn(properties?.['com.microsoft:epoch']);
  const name = properties?.['com.microsoft:receiver-name'];
  return {
    name: typeof name === 'string' ? name.slice(0, 100) : '',
    ownerLevel: level,
    isTracking: capabilities.some((each) => String(each) === 'com.microsoft:enable-receiver-runtime-metric'),
    filter: textIn(filter?.[1]),
  };
}

/** The source in an attach frame, in the form in which rhea returns it. */
interface Attached {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly desired_capabilities?: unknown;
  readonly source?: { readonly filter?: Readonly<Record<string, unknown>> };
}

/** Name of the selector filter. All clients append `:string`, except the .NET client for Windows. */
const selectorName = 'apache.org:selector-filter';

/** Returns the text of a described string, which rhea sometimes returns as a wrapper object. */
function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'object' && value !== null && 'value' in value ? textIn(value.value) : undefined;
}

function numberIn(value: unknown): number | undefined {
  const found = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  if (Buffer.isBuffer(found) && found.length === 8) return Number(found.readBigInt64BE());
  return typeof found === 'number' ? found : undefined;
}
