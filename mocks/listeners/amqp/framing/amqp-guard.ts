import { tellOutcomesApart } from './tell-outcomes-apart.ts';
import { boundTransfers } from './bound-transfers.ts';
import { keepFlow } from './keep-flow.ts';
import { linkOf, type Frame, type FrameHandlerName, type RheaConnection, type RheaSession } from './rhea-internals.ts';

/**
 * Limits the work that a client can cause in rhea, which has no limits. A failed check throws, as rhea does for the errors that it
 * finds.
 *
 * @param endpointLimit sessions and links of the connection, together.
 * @param hangUp called for an error while rhea writes, when no caller can catch it.
 */
export function guardAmqp(connection: RheaConnection, endpointLimit: number, hangUp: (fault: string) => void): void {
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
    // A detach without close is answered with a detach without close (AMQP 1.0 2.6.4); rhea would close the link.
    if (link !== undefined && frame.performative.closed !== true) link.close = () => link.detach();
  });
  connection.on('session_open', ({ session }: { readonly session: RheaSession }) => {
    session.local.begin.handle_max = handleMax;
    tellOutcomesApart(session);
  });
  keepFlow(connection);
  boundTransfers(connection);
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
 * A link name may be used once in each direction (AMQP 1.0 2.6.1), and Qpid Proton does so. rhea finds links by name alone, so links to the
 * client get another name inside rhea, and the client's name on the wire.
 */
function tellLinksApart(connection: RheaConnection): void {
  const attach = connection.on_attach.bind(connection);
  connection.on_attach = (frame) => {
    const { performative, channel } = frame;
    const { name, role, initial_delivery_count: count } = performative;
    if (role !== true || name === undefined) {
      attach(frame);
      const receiver = linkOf(connection, frame);
      // A sender may start its delivery count at any value (AMQP 1.0 2.7.3); rhea starts at zero.
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
 * Limits the sessions and links of one connection, to a number that is enough for a few hundred devices. Returns a function that
 * counts one more, and that throws above the limit.
 */
function endpointBudget(connection: RheaConnection, endpointLimit: number): () => void {
  let left = endpointLimit;
  return () => {
    // Closed sessions and links are subtracted only occasionally, because this requires a scan of all of them.
    if (left === 0) {
      const sessions = Object.values(connection.local_channel_map);
      left = sessions.reduce((sum, { links }) => sum - 1 - Object.keys(links).length, endpointLimit);
      if (left <= 0) throw new Error(`more than ${endpointLimit} sessions and links`);
    }
    left--;
  };
}

/** The highest channel and the highest handle, as recorded from hubs (c#2233). */
export const channelMax = 8191;
const handleMax = 262_143;

/**
 * Returns the outcome without its fields, so that their values are never read. Undefined if the value is not an outcome (AMQP 1.0
 * 3.4).
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
  // AMQP 1.0 2.7.1: a peer must not ask for less than 512. With less, rhea would cut its frames for ever.
  if ((performative.max_frame_size ?? 512) < 512) throw new Error('max-frame-size must be at least 512');
  // Null if later fields are present: the client wants no heartbeat.
  const idle = performative.idle_time_out ?? 0;
  if (idle !== 0) performative.idle_time_out = Math.min(Math.max(idle, 1000), 2 ** 31 - 1);
}

/** Returns true for null, a source or a target. rhea prints an error for other values (AMQP 1.0 3.5.3, 3.5.4). */
function isTerminus(field: unknown): boolean {
  const descriptor = (field as { readonly descriptor?: { readonly value: unknown } } | undefined)?.descriptor;
  return descriptor === undefined || termini.has(String(descriptor.value));
}

const termini: ReadonlySet<string> = new Set(['40', '41', 'amqp:source:list', 'amqp:target:list']);
