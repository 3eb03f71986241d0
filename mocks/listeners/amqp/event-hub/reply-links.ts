import type { Sender, Receiver } from 'rhea';
import type { AmqpOutgoing } from '../amqp-outlet.ts';
import type { AmqpMessage } from '../amqp-message.ts';
import { SettledOutlet } from './settled-outlet.ts';

/** The links over which a node such as `$cbs` sends its answers. A client may have several pairs of links to one node. */
export class ReplyLinks {
  readonly #onOverflow: () => void;
  #links: readonly { readonly link: Sender; readonly outlet: SettledOutlet }[] = [];

  /** @param onOverflow function that handles a client that does not read its answers. */
  constructor(onOverflow: () => void) {
    this.#onOverflow = onOverflow;
  }

  add(link: Sender): void {
    const outlet = new SettledOutlet(link, () => {});
    this.#links = [...this.#links, { link, outlet }];
  }

  /**
   * Sends an answer. Prefers the link whose target address or link name equals `reply-to` of the request. The next
   * choice is a link of the session of the request, and the last choice is the newest link.
   */
  answer(request: AmqpMessage, over: Receiver, answer: AmqpOutgoing): void {
    const { messageId, system } = request;
    const replyTo = system['reply_to'];
    const open = this.#links.filter(({ outlet }) => outlet.isOpen());
    const chosen =
      open.find(({ link }) => typeof replyTo === 'string' && namesOf(link).includes(replyTo)) ??
      open.findLast(({ link }) => link.session === over.session) ??
      open.at(-1);
    const correlation = messageId === undefined ? {} : { correlation_id: messageId };
    // Sends in the next turn of the event loop, because rhea writes transfers before dispositions. The client uamqp
    // abandons a request if the answer arrives before the settlement of the request.
    setImmediate(() => {
      const held = chosen?.outlet.post({ ...correlation, ...answer }) ?? 0;
      if (held > heldLimit) this.#onOverflow();
    });
  }

  /** Forgets closed links. */
  prune(): void {
    this.#links = this.#links.filter(({ outlet }) => outlet.isOpen());
  }
}

const heldLimit = 200;

function namesOf(link: Sender): readonly (string | undefined)[] {
  const { target } = link;
  // amqp-guard.ts appends ` to the client` to the names of links to the client, so this function removes the suffix.
  return [(target as { readonly address?: string } | undefined)?.address, link.name.replace(/ to the client$/, '')];
}
