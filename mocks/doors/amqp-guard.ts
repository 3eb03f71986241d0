import type { EventEmitter } from 'node:events';
import type { AmqpStream } from './amqp-stream.ts';

/** What rhea keeps of a connection beside its typed interface. The version is pinned; the door's tests watch over it. */
export interface RheaConnection extends EventEmitter {
  accept(socket: AmqpStream): void;
  close(error: { readonly condition: string; readonly description: string }): void;
  is_open(): boolean;
  readonly local_channel_map: Readonly<Record<number, { close(): void }>>;
  each_link(action: (link: { close(error: object): void }) => void): void;
  readonly remote_channel_map: Readonly<Record<number, SessionInternals | undefined>>;
  on_open: FrameHandler;
  on_begin: FrameHandler;
  on_attach: FrameHandler;
  on_flow: FrameHandler;
  on_transfer: FrameHandler;
  on_disposition: FrameHandler;
  _process: () => void;
}

type FrameHandler = (frame: Frame) => void;

interface SessionInternals {
  readonly links: Readonly<Record<string, LinkInternals | undefined>>;
  readonly remote: { readonly handles: Readonly<Record<number, LinkInternals | undefined>> };
}

interface LinkInternals {
  readonly local: { readonly attach: { name: string } };
  is_receiver(): boolean;
}

interface Frame {
  readonly channel: number;
  readonly payload?: Buffer;
  readonly performative: {
    readonly value: unknown[];
    readonly handle?: number;
    readonly first?: number;
    readonly last?: number;
    readonly more?: boolean;
    max_frame_size?: number;
    idle_time_out?: number;
    message_format?: number;
    drain?: boolean;
    next_incoming_id?: number | null;
    name?: string;
    readonly role?: boolean;
  };
}

/**
 * Bounds what a client can make rhea do, which takes every number that it is told. A check that fails throws, as rhea
 * does for whatever it finds wrong itself.
 *
 * @param hangUp for what goes wrong while rhea writes, where nobody is there to catch it.
 */
export function guardAmqp(connection: RheaConnection, hangUp: (fault: string) => void): void {
  const before = (name: FrameHandlerName, check: (frame: Frame) => void): void => {
    const goOn = connection[name].bind(connection);
    connection[name] = (frame) => {
      check(frame);
      goOn(frame);
    };
  };
  const linkOf = ({ channel, performative }: Frame): LinkInternals | undefined =>
    connection.remote_channel_map[channel]?.remote.handles[performative.handle ?? -1];
  before('on_open', checkOpen);
  before('on_begin', () => {
    if (Object.keys(connection.local_channel_map).length > 15) throw new Error('too many sessions');
  });
  before('on_attach', ({ channel, performative }) => {
    const links = connection.remote_channel_map[channel]?.links ?? {};
    if (Object.keys(links).length > 63) throw new Error('too many links');
    if (!performative.value.slice(5, 7).every(isTerminus)) throw new Error('a link without proper ends');
  });
  tellLinksApart(connection);
  before('on_flow', (frame) => {
    // Only a sender is drained; rhea complains aloud about a peer that sees it otherwise.
    if (linkOf(frame)?.is_receiver() === true) frame.performative.drain = false;
    // Absent while the peer has not seen our begin frame, in which the count starts at zero (AMQP 1.0 2.7.4).
    frame.performative.next_incoming_id ??= 0;
  });
  const unfinished = new WeakMap<LinkInternals, number>();
  before('on_transfer', (frame) => {
    const link = linkOf(frame);
    if (link === undefined || !link.is_receiver()) throw new Error('a transfer on no link');
    const size = (unfinished.get(link) ?? 0) + (frame.payload?.length ?? 0);
    if (size > messageLimit) throw new Error(`a message above ${messageLimit} bytes`);
    unfinished.set(link, frame.performative.more === true ? size : 0);
    // Of a format that it does not know rhea hands on the bytes: they are looked at before they are read.
    frame.performative.message_format = frame.performative.message_format === batchFormat ? batchFormat : 1;
  });
  before('on_disposition', ({ performative: { first = 0, last = first, value } }) => {
    if (last - first > 4096) throw new Error('a disposition over too many deliveries');
    value[4] = soundOutcome(value[4]);
  });
  const write = connection._process.bind(connection);
  connection._process = () => {
    try {
      write();
    } catch (error) {
      hangUp(error instanceof Error ? error.message : 'unreadable');
    }
  };
}

/**
 * A name may be used once in each direction (AMQP 1.0 2.6.1), as Qpid Proton does; rhea knows links by their name alone.
 * So it is given one of its own for those to the client, and says the client's.
 */
function tellLinksApart(connection: RheaConnection): void {
  const attach = connection.on_attach.bind(connection);
  connection.on_attach = (frame) => {
    const { performative, channel } = frame;
    const { name, role } = performative;
    if (role !== true || name === undefined) return attach(frame);
    const known = `${name} to the client`;
    performative.name = known;
    attach(frame);
    const link = connection.remote_channel_map[channel]?.links[known];
    if (link !== undefined) link.local.attach.name = name;
  };
}

type FrameHandlerName = 'on_open' | 'on_begin' | 'on_attach' | 'on_flow' | 'on_transfer' | 'on_disposition';

/** Several messages in one, each in a data section, as Service Bus and IoT SDKs write it. */
export const batchFormat = 0x80013700;

/** DPS takes 96 KB and a hub 256 KB; what is a little larger still arrives, to be answered. */
const messageLimit = 300 * 1024;

/** An outcome by its name alone, so that nothing inside it is read; undefined for what is none (AMQP 1.0 3.4). */
function soundOutcome(state: unknown): object | undefined {
  const descriptor = (state as { readonly descriptor?: { readonly value: unknown } } | undefined)?.descriptor;
  const code = outcomes.get(String(descriptor?.value));
  return code === undefined ? undefined : { descriptor: { value: code }, value: [] };
}

const outcomes: ReadonlyMap<string, number> = new Map(
  ['accepted', 'rejected', 'released', 'modified'].flatMap((name, index) => [
    [String(0x24 + index), 0x24 + index],
    [`amqp:${name}:list`, 0x24 + index],
  ]),
);

function checkOpen({ performative }: Frame): void {
  // AMQP 1.0 2.7.1: no peer may ask for less than 512. rhea would cut its answers for ever.
  if ((performative.max_frame_size ?? 512) < 512) throw new Error('max-frame-size below 512');
  const idle = performative.idle_time_out;
  if (idle !== undefined && idle !== 0) performative.idle_time_out = Math.min(Math.max(idle, 1000), 2 ** 31 - 1);
}

/** Null, a source or a target; of other things rhea complains aloud (AMQP 1.0 3.5.3, 3.5.4). */
function isTerminus(field: unknown): boolean {
  const descriptor = (field as { readonly descriptor?: { readonly value: unknown } } | undefined)?.descriptor;
  return descriptor === undefined || termini.has(String(descriptor.value));
}

const termini: ReadonlySet<string> = new Set(['40', '41', 'amqp:source:list', 'amqp:target:list']);
