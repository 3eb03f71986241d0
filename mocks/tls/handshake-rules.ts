import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { Transport } from '../../core/history/events.ts';
import type { DecisionTrace } from '../../core/history/decision.ts';
import type { History } from '../../core/history/history.ts';
import { tlsHandshake } from '../../core/history/tls-handshake.ts';
import type { ClientHello } from '../../core/wire/tls/client-hello.ts';
import { hostKindOf } from '../../core/wire/tls/host-kind.ts';
import { judgeOffer, type HostTls, type OfferFault } from '../../core/wire/tls/judge-offer.ts';
import type { TlsProfileName } from '../../core/wire/tls/tls-profiles.ts';
import { recordDecision, recordFailedDecision } from '../shared/record-decision.ts';
import { hostTlsOf } from './host-settings.ts';

/** The rules of a cloud for TLS handshakes. */
export interface HandshakeRules {
  readonly history: History;
  readonly fidelity: FidelitySettings;
  readonly profile: TlsProfileName;
  /** Returns true if the cloud serves this host name. */
  readonly isServed: (host: string) => boolean;
}

/** The TLS connection of a client before its handshake. */
export interface Arriving {
  readonly transport: Transport;
  /** Network address of the client. */
  readonly from: string;
}

/**
 * The verdict on a ClientHello. `alert` is the number of the fatal alert with which the service ends the handshake (RFC
 * 8446 6.2).
 */
export type HelloVerdict =
  | { readonly kind: 'accepted'; readonly settings: HostTls }
  /** A failed check is disabled, so the service accepts every version and suite that OpenSSL can speak. */
  | { readonly kind: 'accepted-regardless' }
  | { readonly kind: 'refused'; readonly alert: number };

/** Checks the ClientHello of a client before the service answers it. Records the decision only if a check failed. */
export function judgeHello(hello: ClientHello, arriving: Arriving, rules: HandshakeRules): HelloVerdict {
  const trace = traceFor(hello.serverName, arriving, rules);
  const verdict = verdictOn(hello, rules, trace);
  recordFailedDecision(rules.history, trace);
  return verdict;
}

function verdictOn(hello: ClientHello, rules: HandshakeRules, trace: DecisionTrace): HelloVerdict {
  const { serverName } = hello;
  const { profile, fidelity } = rules;
  const kind = serverName === undefined ? undefined : hostKindOf(serverName);
  const settings = hostTlsOf(profile, kind, fidelity);
  const isNamed = settings !== undefined && (fidelity.serverNameIndication === 'any' || isServed(serverName, rules));
  const name = serverName ?? 'no server name';
  if (!trace.check('tls-server-name-known', isNamed, 'the name of a host of this cloud', name))
    return { kind: 'refused', alert: unrecognizedName };
  const offer = settings === undefined ? undefined : judgeOffer(hello, settings);
  if (offer === undefined || settings === undefined || trace.hasDisabledFailure) return { kind: 'accepted-regardless' };
  if (offer.ok) return { kind: 'accepted', settings };
  const goesOn = trace.check(checkOf[offer.fault], false, offer.expected, offer.found);
  return goesOn ? { kind: 'accepted-regardless' } : { kind: 'refused', alert: alertOf[offer.fault] };
}

function isServed(serverName: string | undefined, rules: HandshakeRules): boolean {
  return serverName !== undefined && rules.isServed(serverName.toLowerCase());
}

const checkOf = {
  version: 'tls-version-supported',
  suite: 'tls-suite-supported',
  parameters: 'tls-parameters-supported',
} as const satisfies Record<OfferFault, string>;

const [handshakeFailure, protocolVersion, unrecognizedName] = [40, 70, 112] as const;

const alertOf = {
  version: protocolVersion,
  suite: handshakeFailure,
  parameters: handshakeFailure,
} as const satisfies Record<OfferFault, number>;

/**
 * Records a connection whose handshake did not complete after an acceptable offer, or that does not begin with a ClientHello.
 *
 * @param reason what the service found.
 * @returns true if the check is disabled, so that the service also serves a client without TLS.
 */
export function recordBrokenHandshake(
  serverName: string | undefined,
  reason: string,
  arriving: Arriving,
  rules: HandshakeRules,
): boolean {
  const trace = traceFor(serverName, arriving, rules);
  const goesOn = trace.check('tls-handshake-completed', false, 'a complete TLS handshake', reason);
  recordDecision(rules.history, trace);
  return goesOn;
}

/** During the handshake, a service knows only the address of the client, so the address is the subject. */
function traceFor(serverName: string | undefined, { transport, from }: Arriving, { history }: HandshakeRules) {
  const kind = serverName === undefined ? undefined : hostKindOf(serverName);
  const judge = kind === undefined || kind === 'dps' ? 'dps' : 'hub';
  const host = serverName === undefined ? 'without a server name' : `at ${serverName.slice(0, 255)}`;
  return history.trace(
    judge,
    from,
    `${tlsHandshake} over ${transport === 'https' ? 'HTTPS' : transport.toUpperCase()} ${host}`,
    from,
  );
}
