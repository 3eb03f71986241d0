import type { HistoryEvent, Party } from '../../../../../core/history/events.ts';

/** The lanes (columns) of the timeline, each for one actor. Their order follows the life of a device. */
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

/** Short names for narrow lanes. */
export const shortLaneNames = {
  'tpm-maker': 'TPM',
  'hsm-vendor': 'HSM',
  'third-party-pki': 'PKI',
  manufacturer: 'Maker',
  'contract-manufacturer': 'CM',
  station: 'Line',
  'software-installer': 'SW',
  warehouse: 'Store',
  customer: 'Cust.',
  'cloud-operator': 'Oper.',
  auditor: 'Audit',
  device: 'Device',
  attacker: 'Attack',
  dps: 'DPS',
  webhook: 'Hook',
  hub: 'Hub',
} as const satisfies Record<keyof typeof laneNames, string>;

export type Lane = keyof typeof laneNames;

/** The position of an event: in one lane, or from one lane to another. */
export interface Span {
  readonly from: Lane;
  readonly to: Lane;
}

/** Returns the lanes of an event. @param intruders registration IDs that the attacker uses at this moment. */
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
    case 'client-hello':
      return { from: 'device', to: hubEnd(event.host) };
    case 'service-record':
      return at(endOf(event.service, self));
    case 'decision':
      return at(
        event.judge === 'pki' ? 'third-party-pki' : event.judge === 'device' ? self(event.subject) : event.judge,
      );
    case 'fleet':
      return at('device');
    case 'attempt-started':
    case 'attempt-ended':
    case 'quiet-visits':
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

/**
 * Returns the lane of the service with this host name. Without a host name, because the client sent no server name, returns the lane of
 * DPS.
 */
function hubEnd(host = ''): Lane {
  return host.includes('.azure-devices.') ? 'hub' : 'dps';
}

/** Returns the lane of the sender or receiver of a message. A message names a hub by its host name, and a device by its registration ID. */
function endOf(name: string, self: (name: string) => Lane): Lane {
  if (name === 'dps' || name === 'webhook') return name;
  if (name === 'hub' || name.includes('.azure-devices.')) return 'hub';
  return name === 'service client' ? 'cloud-operator' : self(name);
}
