import { offerText } from '../../../../../core/findings/offer-text.ts';
import { quietVisitsText } from '../../../../../core/findings/quiet-visits-text.ts';
import type { HistoryEvent } from '../../../../../core/history/events.ts';
import { fleetText } from '../../../../../core/history/fleet-text.ts';
import { blastText } from '../../../../sentences/blast-text.ts';
import { withSpokenDurations } from '../../../../sentences/with-spoken-durations.ts';
import { drillText } from '../../../../sentences/drill-text.ts';
import { counted } from '../../format/counted.ts';
import { spanText } from '../../format/span.ts';
import { wireText } from './wire-text.ts';

/** Describes an event in one sentence. */
export function eventText(event: HistoryEvent): string {
  switch (event.kind) {
    case 'step-started':
      return `Step ${event.step + 1}: ${event.name}`;
    case 'step-ended':
      return `Step ${event.step + 1} ends`;
    case 'time-jumped':
      return `${spanText(event.from, event.to)} without events`;
    case 'deed':
      return `${event.subject}: ${withSpokenDurations(event.sentence)}`;
    case 'asked-afar':
      return `${event.station} needs ${event.what} over the network`;
    case 'secret': {
      const where = event.sealed === true ? `${event.place}, sealed` : event.place;
      return `${event.secret} ${event.change === 'held' ? 'is now at' : 'is no longer at'} ${where}`;
    }
    case 'unit':
      return `${event.device} ${event.fate.replaceAll('-', ' ')}${event.check === undefined ? '' : ` by ${event.check}`}`;
    case 'line-ended':
      return `the production line for ${event.product} stops; the order was ${counted(event.ordered, 'unit')}`;
    case 'reconciled':
      return `the unit lists are compared: ${event.overproduced.length} overproduced, ${event.unaudited.length} unaudited, ${event.scrapped.length} scrapped`;
    case 'blast-radius':
      return blastText(event);
    case 'drill':
      return drillText(event);
    case 'fleet':
      return `fleet ${event.device}: ${fleetText(event)}`;
    case 'signals':
      return `the operator reviews the service logs: ${counted(event.findings.length, 'signal')}`;
    case 'wire':
      return wireText(event.message);
    case 'client-hello':
      return offerText(event);
    case 'service-record':
      return `${event.service === 'dps' ? 'DPS' : 'the hub'} logs ${event.identity}: ${event.outcome}`;
    case 'decision': {
      const against = event.checks.find(({ passed }) => !passed);
      const outcome = against === undefined ? 'accepted' : `rejected by ${against.check}`;
      return `${event.about}, ${event.subject}: ${outcome}`;
    }
    case 'attempt-started':
      return `${event.registrationId} tries to get into service (${event.attestation} over ${event.transport})`;
    case 'attempt-ended':
      return `${event.registrationId} ${event.outcome}: ${event.sentence}`;
    case 'quiet-visits':
      return `${event.registrationId}: ${quietVisitsText(event)}`;
  }
}
