import { tellOutcomesApart } from './tell-outcomes-apart.ts';
import { boundTransfers } from './bound-transfers.ts';
import { keepFlow } from './keep-flow.ts';
import { linkOf, type Frame, type FrameHandlerName, type RheaConnection, type RheaSession } from './rhea-internals.ts';

/** The callbacks of the guard. */
interface GuardEnds {
  /** Handles an error while rhea writes, because no caller can catch such an error. */
  readonly hangUp: (fault: string) => void;
  /** Receives a fault of the client that ends only a link. */
  readonly refused: (fault: string) => void;
}

/**
 * Limits the work that a client can cause in rhea, which has no limits itself. A failed check throws, as rhea does for the
 * errors that it finds.
 *
 * @param endpointLimit maximum number of sessions and links of the connection together.
 */
export function guardAmqp(connection: RheaConnection, endpointLimit: number, { hangUp, refused }: GuardEnds): void {
  const before = (name: FrameHandlerName, check: (frame: Frame) => void): void => {
    const goOn = connection[name].bind(connection);
    connection[name] = (frame) => {
      check(frame);
      goOn(frame);
    };
  };
  const spend = endpointBudget(connection, endpointLimit);
  before('on_open', checkOpen);
  before('on_begin', spend);
  before('on_attach', ({ performative }) => {
    spend();
    if (!performative.value.slice(5, 7).every(isTerminus))
      throw new Error('the attach frame has an invalid source or target');
  });
  tellLinksApart(connection);
  before('on_detach', (frame) => {
    const link = linkOf(connection, frame);
    // AMQP 1.0 2.6.4: the answer to a detach frame without `closed` is a detach frame without `closed`. rhea would close the
    // link.
    if (link !== undefined && frame.performative.closed !== true) link.close = () => link.detach();
  });
  connection.on('session_open', ({ session }: { readonly session: RheaSession }) => {
    session.local.begin.handle_max = handleMax;
    tellOutcomesApart(session);
  });
  keepFlow(connection);
  boundTransfers(connection, refused);
  before('on_disposition', ({ performative: { first = 0, last = first, value } }) => {
    if (last - first > 4096) throw new Error('a disposition frame covers more than 4096 deliveries');
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
 * Two links with opposite directions may have the same name (AMQP 1.0 2.6.1), as with Qpid Proton. rhea finds links only by
 * name. So links to the client get another name inside rhea, but keep the name of the client on the wire.
 */
function tellLinksApart(connection: RheaConnection): void {
  const attach = connection.on_attach.bind(connection);
  connection.on_attach = (frame) => {
    const { performative, channel } = frame;
    const { name, role, initial_delivery_count: count } = performative;
    if (role !== true || name === undefined) {
      attach(frame);
      const receiver = linkOf(connection, frame);
      // A sender may start its delivery count at any value (AMQP 1.0 2.7.3), but rhea always starts at zero.
      if (receiver?.is_receiver() === true) receiver.delivery_count = count ?? 0;
      return;
    }
    const known = `${name} to the client`;
    performative.name = known;
    attach(frame);
    const link = connection.remote_channel_map[channel]?.links[known];
    if (link !== undefined) link.local.attach.name = name;
  };
}

/**
 * Limits the number of sessions and links of one connection. Returns a function that counts one more session or link, and
 * throws above the limit.
 */
function endpointBudget(connection: RheaConnection, endpointLimit: number): () => void {
  let left = endpointLimit;
  return () => {
    // Counts the open sessions and links again only when the limit is reached, because each count takes time.
    if (left === 0) {
      const sessions = Object.values(connection.local_channel_map);
      left = sessions.reduce((sum, { links }) => sum - 1 - Object.keys(links).length, endpointLimit);
      if (left <= 0) throw new Error(`more than ${endpointLimit} sessions and links`);
    }
    left--;
  };
}

/** The highest channel number and the highest handle that real hubs announce (recorded in c#2233). */
export const channelMax = 8191;
const handleMax = 262_143;

/**
 * Returns an outcome without its fields, so that no code reads the values of the fields. Returns undefined if the value
 * is not an outcome (AMQP 1.0 3.4).
 */
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
  // AMQP 1.0 2.7.1 forbids a value below 512. With a smaller value, rhea would cut its frames without end.
  if ((performative.max_frame_size ?? 512) < 512) throw new Error('max-frame-size must be at least 512');
  // The field is null if the client omits it but sends later fields. Then the client wants no heartbeat.
  const idle = performative.idle_time_out ?? 0;
  if (idle !== 0) performative.idle_time_out = Math.min(Math.max(idle, 1000), 2 ** 31 - 1);
}

/** Returns true for null, a source or a target (AMQP 1.0 3.5.3, 3.5.4). For other values rhea would print an error. */
function isTerminus(field: unknown): boolean {
  const descriptor = (field as { readonly descriptor?: { readonly value: unknown } } | undefined)?.descriptor;
  return descriptor === undefined || termini.has(String(descriptor.value));
}

const termini: ReadonlySet<string> = new Set(['40', '41', 'amqp:source:list', 'amqp:target:list']);
