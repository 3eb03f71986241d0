import type { Sender } from 'rhea';

/** What a client says about itself and where it wants to start when it attaches a link to read a partition. */
export interface ReaderWords {
  /** Empty if the client does not say it. */
  readonly name: string;
  readonly ownerLevel: number | undefined;
  /** Whether each event is to come with what is at the end of its partition. */
  readonly isTracking: boolean;
  /** The selector filter; undefined if there is none. */
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

/** What rhea has read from the attach frame. */
interface Attached {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly desired_capabilities?: unknown;
  readonly source?: { readonly filter?: Readonly<Record<string, unknown>> };
}

/** With `:string` behind it, as all clients have it, or without, as the .NET client for Windows had it. */
const selectorName = 'apache.org:selector-filter';

/** A described string, which rhea may leave in its wrapping. */
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
