import { createRequire } from 'node:module';
import { hubs } from './open-cloud.ts';
import { amqpHeader, frame, type ReadFrame } from './raw-amqp.ts';

const [hub] = hubs;
const { source, target } = createRequire(import.meta.url)('rhea/lib/terminus.js') as Record<
  'source' | 'target',
  (fields: object) => { described(): object }
>;

export const opening = (hostname: string = hub): Buffer =>
  Buffer.concat([
    amqpHeader,
    frame('open', { container_id: 'raw', hostname }),
    frame('begin', { next_outgoing_id: 0, incoming_window: 100, outgoing_window: 100 }),
  ]);

interface Wanted {
  readonly name: string;
  readonly handle: number;
  /** True for a link on which the client receives. */
  readonly receives: boolean;
  readonly address: string;
  readonly [field: string]: unknown;
}

/**
 * Encodes an attach frame with source and target. The address of the client's end contains the link name, as in the SDKs for C and Python.
 */
export function attach({ name, handle, receives, address, ...more }: Wanted): Buffer {
  const own = `${name}-end`;
  return frame('attach', {
    name,
    handle,
    role: receives,
    source: source({ address: receives ? address : own }).described(),
    target: target({ address: receives ? own : address }).described(),
    ...(receives ? {} : { initial_delivery_count: 0 }),
    ...more,
  });
}

export const attached = (name: string) => (read: ReadFrame) => read.name === 'attach' && read.fields['name'] === name;
export const named = (name: string) => (read: ReadFrame) => read.name === name;

/** Returns the address of a source or target; null if there is none. */
export function addressOf(terminus: unknown): unknown {
  const { value } = (terminus ?? { value: null }) as { readonly value: readonly { readonly value: unknown }[] | null };
  return value?.[0]?.value ?? null;
}

/** A message with a body of one letter. */
export const hello = Buffer.from('005375a00178', 'hex');

export const flow = (fields: object): Buffer =>
  frame('flow', { next_incoming_id: 0, incoming_window: 100, next_outgoing_id: 0, outgoing_window: 100, ...fields });

/** Encodes a flow frame that gives credit on the link with handle 0. */
export const credit = (deliveryCount: number, linkCredit: number, more: object = {}): Buffer =>
  flow({ handle: 0, delivery_count: deliveryCount, link_credit: linkCredit, ...more });

/** Encodes a transfer on the link with handle 0. A transfer without an ID continues the previous delivery. */
export function transfer(id: number | undefined, payload: Buffer, more: object = {}): Buffer {
  const begins = id === undefined ? {} : { delivery_id: id, delivery_tag: Buffer.from([id & 255]), message_format: 0 };
  return frame('transfer', { handle: 0, ...begins, ...more }, payload);
}
