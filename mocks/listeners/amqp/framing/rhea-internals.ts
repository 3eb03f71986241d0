import type { EventEmitter } from 'node:events';
import type { AmqpStream } from './amqp-stream.ts';

/**
 * Members of a rhea connection that the types of rhea do not declare. The version of rhea is pinned, and the tests of the
 * listener use these members.
 */
export interface RheaConnection extends EventEmitter {
  accept(socket: AmqpStream): void;
  close(error: { readonly condition: string; readonly description: string }): void;
  is_open(): boolean;
  is_remote_open(): boolean;
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
    /** Deliveries whose new state rhea has not sent yet. */
    updated: RheaDelivery[];
    process(session: RheaSession): void;
  };
  _write_flow(): void;
}

/** A delivery of a client, with its outcome. */
export interface RheaDelivery {
  readonly state: { readonly descriptor?: { readonly value: unknown } } | undefined;
}

/** One link. `_incomplete` is the delivery whose last frame has not arrived yet. */
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
  /** Only for a sender: the credit that its receiver gave, and the fields of its next flow frame. */
  readonly _draining?: boolean;
  _get_drain(): boolean;
}

/** A frame before rhea handles it. An omitted field is undefined if no field follows it, and null otherwise. */
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

/** Returns the link of a frame; undefined if no link has that handle. */
export function linkOf(connection: RheaConnection, { channel, performative }: Frame): RheaLink | undefined {
  return connection.remote_channel_map[channel]?.remote.handles[performative.handle ?? -1];
}
