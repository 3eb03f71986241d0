import type { Receiver, Sender } from 'rhea';

/**
 * Answers an ATTACH of a client with the agreed values: both termini, the requested settlement modes, the properties of
 * the frame, and the maximum message size. A refused link has null termini, so the client knows that a DETACH with the
 * reason follows (AMQP 1.0 2.6.3). Call this function after the authorization of the link and before the next turn of
 * the event loop, in which rhea writes the frame.
 *
 * @param maxMessageSize bytes, as recorded from hubs.
 */
export function answerAttach(link: Sender | Receiver, maxMessageSize: number): void {
  const local = (link as unknown as LinkInternals).local.attach;
  // Some clients interpret an absent field as a limit of zero and send nothing.
  local.max_message_size = maxMessageSize;
  if (!link.is_open()) return;
  const { snd_settle_mode: sendMode, rcv_settle_mode: receiveMode, properties } = link;
  // The answer repeats both requested modes: the settlement mode of the sender, and that of the receiver (AMQP 1.0 2.8.2, 2.8.3).
  if (isOneOf(sendMode, [0, 1, 2])) local.snd_settle_mode = sendMode;
  if (isOneOf(receiveMode, [0, 1])) local.rcv_settle_mode = receiveMode;
  if (link.source) link.set_source(echoed(link.source));
  if (link.target) link.set_target(echoed(link.target));
  if (isTexts(properties)) local.properties = properties;
}

/**
 * Maximum number of bytes of one message over a link of a hub, as real hubs announce it (c#2233, c fuzz test). The hub itself
 * accepts at most 256 KB.
 */
export const linkMessageLimit = 1024 * 1024;
/** Maximum number of bytes of one message to a device. */
export const deviceboundMessageLimit = 64 * 1024;

/** Members of a rhea link that the types of rhea do not declare. */
interface LinkInternals {
  readonly local: {
    readonly attach: {
      max_message_size?: number;
      snd_settle_mode?: number;
      rcv_settle_mode?: number;
      properties?: object;
    };
  };
}

/**
 * Returns a source or target that contains only the address, because the service supports no other fields. The answer
 * contains the source and the target, although the client determines one of them.
 */
function echoed({ address }: { readonly address?: unknown }): never {
  return (typeof address === 'string' ? { address } : {}) as never;
}

function isOneOf(value: unknown, values: readonly number[]): value is number {
  return typeof value === 'number' && values.includes(value);
}

function isTexts(properties: unknown): properties is Readonly<Record<string, string>> {
  if (typeof properties !== 'object' || properties === null) return false;
  return Object.values(properties).every((value) => typeof value === 'string');
}
