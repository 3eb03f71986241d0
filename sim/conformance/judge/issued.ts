import { createHash } from 'node:crypto';
import { memberOf } from './exchanges.ts';
import { renewalAnswers } from './renewals.ts';
import type { EventOf, WorldRecord } from './world-record.ts';

/** Certificates that DPS or the hub issued to the device. */
export interface Issuance {
  readonly event: EventOf<'dps-answer'> | EventOf<'publish'>;
  /** SHA-256 of each certificate in hexadecimal, in the order of the answer. */
  readonly chain: readonly string[];
}

/** Returns the issued certificates, in order. */
export function issuances(record: Pick<WorldRecord, 'events'>): readonly Issuance[] {
  const byDps = record.events.flatMap((event): Issuance[] => {
    if (event.kind !== 'dps-answer') return [];
    const chain = memberOf(memberOf(event.body, 'registrationState'), 'issuedCertificateChain');
    return Array.isArray(chain) ? [{ event, chain: chain.map(thumbprint) }] : [];
  });
  const byHub = renewalAnswers(record).flatMap(({ event, status, body }): Issuance[] => {
    const chain = memberOf(body, 'certificates');
    return status === 200 && Array.isArray(chain) ? [{ event, chain: chain.map(thumbprint) }] : [];
  });
  return [...byDps, ...byHub].toSorted((a, b) => a.event.at - b.event.at);
}

function thumbprint(certificate: unknown): string {
  return createHash('sha256')
    .update(Buffer.from(String(certificate), 'base64'))
    .digest('hex');
}

/** Returns the connections to a hub over MQTT with their handshakes, in order. */
export function hubHandshakes(
  record: Pick<WorldRecord, 'events'>,
): readonly { readonly connect: EventOf<'connect'>; readonly opened: EventOf<'opened'> }[] {
  return record.events.flatMap((connect) => {
    if (connect.kind !== 'connect' || connect.service !== 'hub') return [];
    const opened = record.events.find(
      (event): event is EventOf<'opened'> => event.kind === 'opened' && event.connection === connect.connection,
    );
    return opened === undefined ? [] : [{ connect, opened }];
  });
}
