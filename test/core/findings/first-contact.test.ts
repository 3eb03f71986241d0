import { expect, test } from 'vitest';
import { firstContactOf } from '../../../core/findings/first-contact.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';

const start = {
  kind: 'attempt-started',
  device: 'pump',
  registrationId: 'pump-1',
  attestation: 'x509',
  transport: 'mqtt',
  from: '10.0.0.1',
  at: 0,
} as const;

function hello(host: string, from = '10.0.0.1'): HistoryEvent {
  return { kind: 'client-hello', door: 'mqtt', from, host, digest: '0', at: 1 };
}

function decision(judge: 'dps' | 'hub', subject: string): HistoryEvent {
  return { kind: 'decision', judge, subject, about: '', checks: [], at: 2 };
}

const end: HistoryEvent = {
  kind: 'attempt-ended',
  device: 'pump',
  registrationId: 'pump-1',
  outcome: 'failed',
  sentence: '',
  telemetry: 'none',
  attempts: 0,
  deviceId: 'pump-at-hub',
  at: 3,
};

test.each<[string, readonly HistoryEvent[], string]>([
  ['a handshake with a hub', [hello('hub-eu.azure-devices.net'), decision('hub', 'pump-at-hub'), end], 'hub'],
  ['a handshake with DPS', [hello('global.azure-devices-provisioning.net'), end], 'dps'],
  ['a decision of a hub about the device ID', [decision('dps', 'valve'), decision('hub', 'pump-at-hub'), end], 'hub'],
  ['a decision of DPS before one of a hub', [decision('dps', 'pump-1'), decision('hub', 'pump-at-hub'), end], 'dps'],
  ['a handshake of another client', [hello('hub-eu.azure-devices.net', '10.0.0.2'), end], 'unknown'],
  ['a decision after the end of the attempt', [end, decision('dps', 'pump-1')], 'unknown'],
])('finds the service of the first contact by %s', (_, later, service) => {
  expect(firstContactOf(start, later)).toBe(service);
});
