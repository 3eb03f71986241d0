import type { History } from '../../../core/history/history.ts';
import { recordFailedDecision } from '../../shared/record-decision.ts';
import { resourceOf } from '../registry/identity-name.ts';
import { messageLimitBytes } from '../messages/hub-message.ts';

/** Checks the form of the MQTT packets of a device. The history records only refusals. */
export class DeviceRequestRules {
  readonly #history: History;
  readonly #deviceId: string;
  readonly #host: string;

  constructor(history: History, deviceId: string, host: string) {
    this.#history = history;
    this.#deviceId = deviceId;
    this.#host = host;
  }

  /** Returns true if the connection ends because a packet broke this rule of MQTT. */
  endsForBrokenRule(rule: string): boolean {
    return !this.#judge(false, 'MQTT 3.1.1 at QoS 0 or 1', rule);
  }

  /** @param isOffered true if the hub offers this topic to the device. */
  acceptsTopic(topic: string, isOffered: boolean): boolean {
    return this.#judge(
      isOffered,
      `${resourceOf(this.#deviceId)}/messages/events/ or a topic of its twin or methods`,
      topic,
    );
  }

  /** @param expected the subscriptions that the hub grants, in words. */
  acceptsFilter(filter: string, isGranted: boolean, expected: string): boolean {
    return this.#judge(isGranted, expected, filter, 'subscription at');
  }

  /** @param bytes length of a message other than telemetry. */
  acceptsLength(bytes: number): boolean {
    return this.#judge(bytes <= messageLimitBytes, `${messageLimitBytes} bytes`, `${bytes} bytes`);
  }

  /** @param bag the properties of the message, as its topic contains them. */
  acceptsProperties(bag: string, isReadable: boolean): boolean {
    return this.#judge(isReadable, 'properties in percent encoding', bag);
  }

  #judge(isWellFormed: boolean, expected: string, found: string, about = 'message to'): boolean {
    const trace = this.#history.trace('hub', this.#deviceId, `${about} ${this.#host}`);
    const goesOn = trace.check('hub-request-well-formed', isWellFormed, expected, found.slice(0, 200));
    recordFailedDecision(this.#history, trace);
    return goesOn;
  }
}
