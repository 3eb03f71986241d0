import type { FidelitySettings } from '../../core/fidelity.ts';
import type { Door, History } from '../../core/history.ts';
import type { Services } from '../dps/services.ts';
import type { Hub } from '../hub/hub.ts';
import { addressOf } from './amqp-address.ts';
import type { AmqpHandlers, AmqpLine } from './amqp-connection.ts';
import { answerAttach, deviceboundMessageLimit, linkMessageLimit } from './amqp/attach-answer.ts';
import { AmqpDpsSession } from './amqp-dps.ts';
import { AmqpHubSession } from './amqp-hub.ts';
import { parseHubAddress, parseHubUser } from './amqp-hub-address.ts';
import { plainMechanism, silentMechanism } from './amqp-sasl.ts';
import type { Shown } from './shown-by.ts';

interface SessionParts {
  readonly services: Services;
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly fidelity: FidelitySettings;
  readonly history: History;
  readonly shown: Shown;
  readonly door: Door;
  readonly line: AmqpLine;
  /** Breaks the connection off without a word. */
  readonly cut: () => void;
}

/** One connection. Which service is meant is told by the user name of SASL and by the address of each link. */
export function openAmqpSession(parts: SessionParts): AmqpHandlers {
  const dps = new AmqpDpsSession(parts);
  const hub = new AmqpHubSession(parts);
  const logIn = (user: string, token: string): boolean =>
    parseHubUser(user) === undefined ? dps.logIn(user, token) : hub.logIn(user, token);
  return {
    mechanisms: {
      // In the order of a hub; a client of rhea takes the first that it can do.
      EXTERNAL: silentMechanism,
      MSSBCBS: silentMechanism,
      ANONYMOUS: silentMechanism,
      PLAIN: () => plainMechanism(logIn),
      ...dps.mechanisms,
    },
    attached: (link) => {
      const address = parseHubAddress(addressOf(link));
      if (address === undefined) dps.attached(link);
      else hub.attached(address, link);
      const isToDevice = link.is_sender() && address?.kind === 'device' && address.end === 'messages';
      answerAttach(link, isToDevice ? deviceboundMessageLimit : linkMessageLimit);
    },
    message: (message, link, delivery) => {
      const address = parseHubAddress(addressOf(link));
      if (address === undefined) dps.message(message, link, delivery);
      else hub.message(address, message, link, delivery);
    },
    detached: () => hub.detached(),
    ended: () => hub.ended(),
  };
}
