import type { Transport } from '../../core/history/events.ts';
import type { History } from '../../core/history/history.ts';
import { hostKindOf } from '../../core/wire/tls/host-kind.ts';
import type { ConnectionCredentials } from './credentials.ts';
import { recordDecision } from './record-decision.ts';

/** A connection whose first data a listener refuses, or cannot read. */
export interface RefusedOpening {
  /** The part of the protocol that the listener expected first, such as `MQTT connect`. */
  readonly about: string;
  readonly expected: string;
  /** The data that the client sent, in words. */
  readonly found: string;
  /** The answer of the listener, such as `CONNACK 1`. */
  readonly answer: string;
}

/**
 * Records that a listener refused a connection before the client named itself. So the address of the client is the subject, and the server
 * name of the TLS handshake (SNI) tells the service.
 */
export function recordRefusedOpening(
  history: History,
  { from = 'unknown', serverName }: Pick<ConnectionCredentials, 'from' | 'serverName'>,
  transport: Transport,
  { about, expected, found, answer }: RefusedOpening,
): void {
  const host = serverName?.slice(0, 255);
  const kind = host === undefined ? undefined : hostKindOf(host);
  const isHub = kind !== undefined && kind !== 'dps';
  const trace = history.trace(isHub ? 'hub' : 'dps', from, host === undefined ? about : `${about} at ${host}`, from);
  trace.check(isHub ? 'hub-request-well-formed' : 'request-well-formed', false, expected, found);
  recordDecision(history, trace);
  const to = isHub && host !== undefined ? host : 'dps';
  history.record({ kind: 'wire', door: transport, from, to, message: `${found} → ${answer}` });
}
