import type { EventEmitter } from 'node:events';
import type { AmqpStream } from './amqp-stream.ts';

/** What rhea keeps of a connection beside its typed interface. The version is pinned; the tests of the listener watch it. */
export interface RheaConnection extends EventEmitter {
  accept(socket: AmqpStream): void;
  close(error: { readonly condition: string; readonly description: string }): void;
  is_open(): boolean;
  readonly local_channel_map: Readonly<Record<number, RheaSession>>;
  each_link(action: (link: { close(error: object): void }) => void): void;
  readonly remote_channel_map: Readonly<Record<number, RheaSession | undefined>>;
  on_open: FrameHandler;
  on_begin: FrameHandler;
  on_attach: FrameHandler;
  on_flow: FrameHandler;
  on_transfer: FrameHandler;
  on_disposition: FrameHandler;
  on_detach: FrameHandler;
  _process: () => void;
  _register(): void;
}

export type FrameHandlerName = Extract<keyof RheaConnection, `on_${string}`>;
type FrameHandler = (frame: Frame) => void;

/** One session of a connection. */
export interface RheaSession {
  close(): void;
  readonly local: { readonly begin: { handle_max?: number } };
  readonly links: Readonly<Record<string, RheaLink | undefined>>;
  readonly remote: { readonly handles: Readonly<Record<number, RheaLink | undefined>> };
  readonly incoming: {
    next_transfer_id: number;
    next_delivery_id: number | undefined;
    /** Those whose state is to be told. */
    updated: RheaDelivery[];
    process(session: RheaSession): void;
  };
  _write_flow(): void;
}

/** A message of a client, with the outcome that it gets. */
export interface RheaDelivery {
  readonly state: { readonly descriptor?: { readonly value: unknown } } | undefined;
}

/** One link; `_incomplete` is the delivery of which more frames are to come. */
export interface RheaLink {
  readonly name: string;
  readonly local: { readonly attach: { name: string } };
  credit: number;
  delivery_count: number;
  issue_flow: boolean;
  _incomplete: { settled: boolean; remote_settled: boolean; frames: Buffer[] } | undefined;
  is_receiver(): boolean;
  close(error?: { readonly condition: string; readonly description: string }): void;
  detach(): void;
  /** Of a sender: what its receiver wants, and what a flow frame says of it. */
  readonly _draining?: boolean;
  _get_drain(): boolean;
}

/** A frame before rhea acts on it. A field that was left out at the end of its list is undefined, in the middle null. */
export interface Frame {
  readonly channel: number;
  readonly payload?: Buffer;
  readonly performative: {
    readonly value: unknown[];
    readonly handle?: number;
    readonly first?: number;
    readonly last?: number;
    readonly more?: boolean;
    readonly aborted?: boolean;
    readonly settled?: boolean;
    readonly closed?: boolean;
    readonly echo?: boolean;
    readonly initial_delivery_count?: number | null;
    readonly delivery_id?: number | null;
    max_frame_size?: number;
    idle_time_out?: number | null;
    message_format?: number;
    drain?: boolean;
    delivery_count?: number | null;
    link_credit?: number | null;
    next_incoming_id?: number | null;
    name?: string;
    readonly role?: boolean;
  };
}

/** The link that a frame is about; undefined for a handle that no link has. */
export function linkOf(connection: RheaConnection, { channel, performative }: Frame): RheaLink | undefined {
  return connection.remote_channel_map[channel]?.remote.handles[performative.handle ?? -1];
}
