import type { EventOf, WorldRecord } from './world-record.ts';

/** A certificate request to the hub. */
export interface RenewalRequest {
  readonly event: EventOf<'publish'>;
  /** Undefined if the topic has no `$rid`. */
  readonly rid: string | undefined;
  /** Undefined if the payload is not a JSON object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Returns the certificate requests to the hub, in order. */
export function renewalRequests({ events }: Pick<WorldRecord, 'events'>): readonly RenewalRequest[] {
  return events.flatMap((event) => {
    if (event.kind !== 'publish' || event.from !== 'client') return [];
    const found = /^\$iothub\/credentials?\/POST\/issueCertificate\/?(?:\?(.*))?$/.exec(event.topic);
    if (found === null) return [];
    return [{ event, rid: ridIn(found[1]), body: objectIn(event.text) }];
  });
}

/** An answer of the hub to a certificate request. */
export interface RenewalAnswer {
  readonly event: EventOf<'publish'>;
  readonly status: number;
  readonly rid: string | undefined;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Returns the answers of the hub to certificate requests, in order. */
export function renewalAnswers({ events }: Pick<WorldRecord, 'events'>): readonly RenewalAnswer[] {
  return events.flatMap((event) => {
    if (event.kind !== 'publish' || event.from !== 'service') return [];
    const found = /^\$iothub\/credentials\/res\/(\d+)\/\?(.*)$/.exec(event.topic);
    return found === null
      ? []
      : [{ event, status: Number(found[1]), rid: ridIn(found[2]), body: objectIn(event.text) }];
  });
}

/** Returns true for the topic filter under which the hub answers certificate requests. */
export function isRenewalFilter(filter: string): boolean {
  return filter === '$iothub/credentials/res/#' || filter === '$iothub/credentials/#';
}

function ridIn(query: string | undefined): string | undefined {
  return /(?:^|&)\$rid=([^&]+)/.exec(query ?? '')?.[1];
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
