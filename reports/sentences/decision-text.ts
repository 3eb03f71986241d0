import { type Decision, firstFailed } from '../../core/history/decision.ts';
import { sessionTakenOver } from '../../core/history/session-taken-over.ts';
import type { Transport } from '../../core/history/events.ts';
import { checkText } from './why-text.ts';

/**
 * States a decision in one sentence: the service, the client, and the deciding check with its reason. Example: `DPS refused thermostat over
 * MQTT: certificate-valid-now: expired 245 days ago (valid 5 Jan 2026 to 5 Apr 2026; now 6 Dec 2026)`.
 *
 * @param transport the transport of the client; undefined if it is unknown.
 */
export function decisionText(decision: Decision, transport?: Transport): string {
  const refusal = firstFailed(decision);
  if (refusal?.check === 'tls-handshake-completed' && refusal.found.startsWith('the client')) {
    const over = transport === undefined ? '' : ` over ${transportNames[transport]}`;
    return `${decision.subject} did not complete the TLS handshake with ${serviceOf(decision)}${over}${purposeOf(decision)}: ${refusal.check}: ${checkText(refusal)}`;
  }
  const verb = verbOf(decision, refusal !== undefined);
  const over = transport === undefined ? '' : ` over ${transportNames[transport]}`;
  const reason = refusal === undefined ? passedText(decision) : `${refusal.check}: ${checkText(refusal)}`;
  return `${serviceOf(decision)} ${verb} ${decision.subject}${over}${purposeOf(decision)}: ${reason}`;
}

/** Returns the name of the service, device or vendor that made the decision, such as `DPS` or the host name of a hub. */
export function serviceOf({ judge, about }: Pick<Decision, 'judge' | 'about'>): string {
  if (judge === 'dps') return 'DPS';
  return hostIn.exec(about)?.[1] ?? `the ${judge}`;
}

/** The transports as people write them. */
export const transportNames: Readonly<Record<Transport, string>> = {
  mqtt: 'MQTT',
  https: 'HTTPS',
  amqp: 'AMQP',
  'mqtt-ws': 'MQTT over WebSocket',
  'amqp-ws': 'AMQP over WebSocket',
};

function verbOf({ about }: Decision, isRefused: boolean): string {
  if (!isRefused) return 'accepted';
  return about === sessionTakenOver ? 'disconnected' : 'refused';
}

function passedText({ checks }: Decision): string {
  return checks.length === 1 ? 'the check passed' : `all ${checks.length} checks passed`;
}

/**
 * Returns the purpose of the request; empty for a registration and for a connection to a hub, because readers expect these two purposes.
 */
function purposeOf({ about }: Decision): string {
  return about === 'registration' || about.startsWith('connection to ') ? '' : ` (${about})`;
}

const hostIn = /(?:connection to|message to|\bat) (\S+)$/;
