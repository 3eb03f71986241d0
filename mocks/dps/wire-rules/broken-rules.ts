import type { CheckId } from '../../../core/checks.ts';
import type { History } from '../../../core/history/history.ts';
import { sessionTakenOver } from '../../../core/history/session-taken-over.ts';
import { dpsTopics } from '../../../core/wire/dps-wire.ts';
import { recordDecision } from '../../shared/record-decision.ts';

/** A device at the MQTT listener of DPS. */
interface Client {
  readonly history: History;
  readonly registrationId: string;
  /** Network address of the client. */
  readonly from: string | undefined;
}

/** Records that a newer client with the same client ID ends this connection [MQTT-3.1.4-2]. */
export function recordTakeOver(client: Client): void {
  recordBroken(client, sessionTakenOver, {
    check: 'no-registration-under-way',
    expected: 'no newer connection with this client ID',
    found: 'a newer connection with this client ID',
  });
}

/**
 * Records a packet that breaks a rule of MQTT.
 *
 * @param rule the broken rule as text.
 * @returns true if the connection ends.
 */
export function endsForBrokenRule(client: Client, rule: string): boolean {
  return !recordBroken(client, 'MQTT packet', { check: 'request-well-formed', expected: 'MQTT 3.1.1', found: rule });
}

/** Records a message to a topic that is not in the device API. */
export function recordUnknownTopic(client: Client, topic: string): void {
  recordBroken(client, 'MQTT packet', {
    check: 'request-well-formed',
    expected: 'a topic of the device API with $rid',
    found: topic.slice(0, 200),
  });
}

/** Records a subscription that DPS refuses. Returns true if the check is disabled, so that DPS grants the subscription. */
export function recordRefusedFilter(client: Client, filter: string): boolean {
  return recordBroken(client, 'MQTT subscription', {
    check: 'request-well-formed',
    expected: dpsTopics.responses,
    found: filter.slice(0, 200),
  });
}

/** Records a CONNECT whose user name has neither the form of DPS nor the form of a hub. */
export function recordUnknownUserName(client: Client, userName: string | undefined): void {
  recordBroken(client, 'MQTT connect', {
    check: 'request-well-formed',
    expected: 'a user name in the form of DPS or of a hub',
    found: (userName ?? 'none').slice(0, 200),
  });
}

interface Broken {
  readonly check: CheckId;
  readonly expected: string;
  readonly found: string;
}

/** Records the broken rule. Returns true if the check is disabled, so that the connection continues. */
function recordBroken({ history, registrationId, from }: Client, about: string, broken: Broken): boolean {
  const trace = history.trace('dps', registrationId, about, from);
  const goesOn = trace.check(broken.check, false, broken.expected, broken.found);
  recordDecision(history, trace);
  return goesOn;
}
