import type { TokenFacts, WireEvent } from '../../../core/conformance/wire-event.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import type { WorldRecord } from './world-record.ts';

/** A token that the client sent to a service. */
export interface SentToken {
  readonly event: WireEvent;
  readonly token: TokenFacts;
  readonly service: 'dps' | 'hub';
  /** The resource that the service expects in the field `sr` of the token. */
  readonly resource: string;
  /** Milliseconds between the arrival and the expiry of the token. */
  readonly leftMs: number;
}

/** Returns the tokens that the client sent, in order. */
export function tokensIn({ events, facts }: WorldRecord): readonly SentToken[] {
  return events.flatMap((event): SentToken[] => {
    if (event.kind !== 'connect' && event.kind !== 'dps-request' && event.kind !== 'http') return [];
    const { token } = event;
    if (token === undefined) return [];
    const service = serviceOf(event);
    const resource =
      service === 'dps'
        ? `${facts.idScope}/registrations/${facts.registrationId}`
        : `${event.kind === 'dps-request' ? '' : (event.host ?? globalEndpoint)}/devices/${facts.deviceId}`;
    return [{ event, token, service, resource, leftMs: token.expiresAt - (facts.startedAt + event.at) }];
  });
}

function serviceOf(event: Extract<WireEvent, { kind: 'connect' | 'dps-request' | 'http' }>): SentToken['service'] {
  if (event.kind === 'connect') return event.service === 'dps' ? 'dps' : 'hub';
  return event.kind === 'dps-request' ? 'dps' : 'hub';
}
