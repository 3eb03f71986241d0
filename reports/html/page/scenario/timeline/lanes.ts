import type { HistoryEvent, Party } from '../../../../../core/history/events.ts';

/** Who has a lane of the timeline, in the order of a device's life. */
export const laneNames = {
  'tpm-maker': 'TPM maker',
  'hsm-vendor': 'HSM vendor',
  'third-party-pki': 'PKI',
  manufacturer: 'Manu­facturer',
  'contract-manufacturer': 'Contract manu­facturer',
  station: 'Station',
  'software-installer': 'Software installer',
  warehouse: 'Ware­house',
  customer: 'Customer',
  'cloud-operator': 'Cloud operator',
  auditor: 'Auditor',
  device: 'Device',
  attacker: 'Attacker',
  dps: 'DPS',
  webhook: 'Webhook',
  hub: 'Hub',
} as const satisfies Record<Party | 'station' | 'auditor' | 'dps' | 'webhook' | 'hub', string>;

export type Lane = keyof typeof laneNames;

/** Where an event stands: in one lane, or from one to another. */
export interface Span {
  readonly from: Lane;
  readonly to: Lane;
}

/** @param intruders names by which an attacker goes at this moment. */
export function spanOf(event: HistoryEvent, intruders: ReadonlySet<string>): Span | undefined {
  const self = (name: string): Lane => (intruders.has(name) ? 'attacker' : 'device');
  switch (event.kind) {
    case 'deed':
    case 'secret':
      return at(event.party);
    case 'asked-afar':
    case 'unit':
    case 'line-ended':
      return at('station');
    case 'reconciled':
      return at('auditor');
    case 'blast-radius':
    case 'drill':
      return at('attacker');
    case 'signals':
      return at('cloud-operator');
    case 'wire':
      return { from: endOf(event.from, self), to: endOf(event.to, self) };
    case 'service-record':
      return at(endOf(event.service, self));
    case 'decision':
      return at(
        event.judge === 'pki' ? 'third-party-pki' : event.judge === 'device' ? self(event.subject) : event.judge,
      );
    case 'attempt-started':
    case 'attempt-ended':
      return at(self(event.registrationId));
    case 'step-started':
    case 'step-ended':
    case 'time-jumped':
      return undefined;
  }
}

function at(lane: Lane): Span {
  return { from: lane, to: lane };
}

/** Of the name at an end of a wire: hubs go by their hosts, devices by names that they choose. */
function endOf(name: string, self: (name: string) => Lane): Lane {
  if (name === 'dps' || name === 'webhook') return name;
  if (name === 'hub' || name.includes('.azure-devices.')) return 'hub';
  return name === 'service client' ? 'cloud-operator' : self(name);
}
