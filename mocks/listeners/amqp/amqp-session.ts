import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { History } from '../../../core/history/history.ts';
import type { Transport } from '../../../core/history/events.ts';
import type { Services } from '../listener.ts';
import type { Hub } from '../../hub/hub.ts';
import { addressOf } from './amqp-address.ts';
import type { AmqpHandlers, AmqpControl } from './amqp-connection.ts';
import { answerAttach, deviceboundMessageLimit, linkMessageLimit } from './framing/attach-answer.ts';
import { AmqpDpsSession } from './dps/dps-session.ts';
import { parseRegistrationAddress } from './dps/registration-address.ts';
import { EventHubSession } from './event-hub/event-hub-session.ts';
import { isEventHubLink } from './event-hub/is-event-hub-link.ts';
import { AmqpHubSession } from './hub/hub-session.ts';
import type { Probation } from '../shared/probation.ts';
import { parseHubAddress, parseHubUser } from './hub/hub-address.ts';
import { plainMechanism, silentMechanism } from './amqp-sasl.ts';
import type { ConnectionCredentials } from '../../shared/credentials.ts';
import { recordRefusedOpening } from '../../shared/record-refused-opening.ts';

interface SessionParts {
  readonly services: Services;
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly fidelity: FidelitySettings;
  readonly history: History;
  readonly credentials: ConnectionCredentials;
  readonly transport: Transport;
  readonly probation: Probation;
  readonly control: AmqpControl;
  /** Closes the connection at once, without a close frame. */
  readonly cut: () => void;
  /** Calls `then` in a later turn of the event loop, after the connection has sent its buffered data. */
  readonly drained: (then: () => void) => void;
  /** Returns the port of the AMQP listener. */
  readonly amqpPort: () => number;
}

/** Opens the sessions of one connection. The SASL user name, the host of the connection and the address of each link select the service. */
export function openAmqpSession(parts: SessionParts): AmqpHandlers {
  const dps = new AmqpDpsSession(parts);
  const hub = new AmqpHubSession(parts);
  const events = new EventHubSession(parts);
  const refuse = (found: string): false => {
    const { history, credentials, transport } = parts;
    recordRefusedOpening(history, credentials, transport, { ...refusedLogin, found });
    return false;
  };
  const logIn = (user: string, password: string): boolean => {
    if (parseHubUser(user) !== undefined) return hub.logIn(user, password);
    // A user of DPS has the form {ID scope}/registrations/{ID}; a user of Event Hubs is the name of a policy.
    if (!user.includes('/')) return events.logIn(user, password);
    return parseRegistrationAddress(user) === undefined
      ? refuse(`the user name ${user.slice(0, 200)}`)
      : dps.logIn(user, password);
  };
  return {
    mechanisms: {
      // The mechanisms in the order in which a real hub offers them. A client that uses rhea takes the first mechanism that it
      // supports.
      EXTERNAL: silentMechanism,
      MSSBCBS: silentMechanism,
      ANONYMOUS: silentMechanism,
      PLAIN: () => plainMechanism(logIn, (octets) => void refuse(`a response of ${octets} octets without both`)),
      ...dps.mechanisms,
    },
    attached: (link) => {
      if (isEventHubLink(link)) {
        events.attached(link);
        return answerAttach(link, linkMessageLimit);
      }
      const address = parseHubAddress(addressOf(link));
      // If the client opened the connection for `localhost`, the `$cbs` links do not name a service. The audience of the tokens
      // then selects the service.
      if (address?.kind === 'cbs') events.attached(link);
      if (address === undefined) dps.attached(link);
      else hub.attached(address, link);
      const isToDevice = link.is_sender() && address?.kind === 'device' && address.end === 'messages';
      answerAttach(link, isToDevice ? deviceboundMessageLimit : linkMessageLimit);
    },
    message: (message, link, delivery) => {
      if (isEventHubLink(link) || events.isFor(message)) return events.message(message, link, delivery);
      const address = parseHubAddress(addressOf(link));
      if (address === undefined) dps.message(message, link, delivery);
      else hub.message(address, message, link, delivery);
    },
    detached: () => {
      hub.detached();
      events.detached();
    },
    ended: () => {
      hub.ended();
      events.ended();
    },
  };
}

const refusedLogin = {
  about: 'AMQP login',
  expected:
    'SASL PLAIN with a user name {deviceId}@sas.{hub} or {idScope}/registrations/{registrationId}, and a token as password',
  answer: 'the connection is closed',
};
