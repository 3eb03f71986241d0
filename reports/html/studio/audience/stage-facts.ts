import type { CertificateSpan } from '../../../../core/history/certificate-span.ts';
import { type Decision, firstFailed } from '../../../../core/history/decision.ts';
import type { AttemptEnd, HistoryEvent } from '../../../../core/history/events.ts';

/** The places where a device can be. A device is first in the factory, then in the warehouse, then on site. */
export const places = ['factory', 'warehouse', 'site'] as const;

type Place = (typeof places)[number];

/** The facts about a play that the picture for the audience shows. */
export interface StageFacts {
  readonly place: Place;
  /** Names of the devices in the events so far. */
  readonly devices: readonly string[];
  /** The latest certificate of each device, by its name. Certificates of CAs are left out. */
  readonly certificates: ReadonlyMap<string, CertificateSpan>;
  /** True if an attacker has acted. */
  readonly isAttacked: boolean;
  /** The latest attempt to get into service; the result is absent until the presenter reveals it. */
  readonly attempt: StageAttempt | undefined;
  /** The latest refusal, with its virtual instant. */
  readonly refusal: { readonly decision: Decision; readonly at: number; readonly isAttack: boolean } | undefined;
}

interface StageAttempt {
  readonly client: string;
  readonly isAttack: boolean;
  readonly outcome?: AttemptEnd['outcome'];
}

/** Returns the facts of a play from its events so far. */
export function stageFacts(events: readonly HistoryEvent[]): StageFacts {
  let place: Place = 'factory';
  let attempt: StageAttempt | undefined;
  let refusal: StageFacts['refusal'];
  let isAttacked = false;
  const devices = new Set<string>();
  const certificates = new Map<string, CertificateSpan>();
  /** Registration IDs of attackers. */
  const intruders = new Set<string>();
  for (const event of events) {
    if (event.kind === 'step-started' && event.name === 'package') place = 'warehouse';
    else if (event.kind === 'deed') {
      if (event.party === 'attacker') isAttacked = true;
      const [leaf] = event.certificates ?? [];
      if (leaf !== undefined && event.party !== 'attacker') certificates.set(event.subject, leaf);
    } else if (event.kind === 'attempt-started') {
      const isAttack = event.by === 'attacker';
      if (isAttack) intruders.add(event.registrationId);
      else {
        intruders.delete(event.registrationId);
        devices.add(event.device);
        place = 'site';
      }
      isAttacked ||= isAttack;
      attempt = { client: event.device, isAttack };
    } else if (event.kind === 'attempt-ended' && attempt?.client === event.device) {
      attempt = { ...attempt, outcome: event.outcome };
    } else if (event.kind === 'decision' && firstFailed(event) !== undefined) {
      refusal = { decision: event, at: event.at, isAttack: intruders.has(event.subject) };
    }
  }
  return { place, devices: [...devices], certificates, isAttacked, attempt, refusal };
}
