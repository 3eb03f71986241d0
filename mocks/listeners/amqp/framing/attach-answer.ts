import type { Receiver, Sender } from 'rhea';

/**
 * Answers an ATTACH of a client with what was agreed: both termini, the settlement modes that the client asked for, the
 * properties of its frame, and the largest message. A link that was refused keeps null termini, by which a client knows
 * that a DETACH with the reason follows (AMQP 1.0 2.6.3). Call it after the link was judged and before the next turn, in
 * which rhea writes the frame.
 *
 * @param maxMessageSize octets, as recorded from hubs.
 */
export function answerAttach(link: Sender | Receiver, maxMessageSize: number): void {
  const local = (link as unknown as LinkInternals).local.attach;
  // Some clients read an absent field as a limit of nothing, so that they send nothing.
  local.max_message_size = maxMessageSize;
  if (!link.is_open()) return;
  const { snd_settle_mode: sendMode, rcv_settle_mode: receiveMode, properties } = link;
  // One of the two is the client's own mode, the other is what it wants of this end.
  if (isOneOf(sendMode, [0, 1, 2])) local.snd_settle_mode = sendMode;
  if (isOneOf(receiveMode, [0, 1])) local.rcv_settle_mode = receiveMode;
  if (link.source) link.set_source(echoed(link.source));
  if (link.target) link.set_target(echoed(link.target));
  if (isTexts(properties)) local.properties = properties;
}

/** Octets of one message over a link of a hub. The hub itself takes no more than 256 KB. Recorded: c#2233, c fuzz test. */
export const linkMessageLimit = 1024 * 1024;
/** The same for messages to a device. */
export const deviceboundMessageLimit = 64 * 1024;

/** What rhea keeps of a link beside its typed interface. */
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
 * An address alone: nothing else of a terminus is offered here. Both ends are told, also the one that the client made up
 * for itself.
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
