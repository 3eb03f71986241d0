import type { HistoryEvent } from '../../core/history/events.ts';
import type { Run } from '../../core/run/run.ts';
import { sampleRun } from '../reports/sample-playback.ts';

/** Returns a run in which `count` devices register, with the events of each registration. */
export function fleetRun(devices: number): Run {
  const start = 1_767_600_000_000;
  const names = Array.from({ length: devices }, (_, index) => `unit-${index + 1}`);
  const history = names.flatMap((name, index) => lifeOf(name, start + index * 1000));
  return sampleRun('fleet', 'pass', 'as expected', {
    title: 'A fleet',
    history: [{ kind: 'step-started', step: 0, name: 'power-on', line: 3, at: start }, ...history],
    stepVerdicts: names.map((device) => ({
      kind: 'pass',
      reason: 'as expected',
      step: 0,
      name: 'power-on',
      device,
      line: 3,
      column: 1,
      expected: 'assigned: hub-eu',
      happened: `${device} is assigned to hub-eu`,
      trace: [],
    })),
  });
}

function lifeOf(name: string, at: number): readonly HistoryEvent[] {
  const wire = { kind: 'wire', door: 'mqtt', from: name, at } as const;
  return [
    { kind: 'secret', secret: `key of ${name}`, sort: 'private-key', party: 'device', place: name, change: 'held', at },
    { kind: 'attempt-started', device: name, registrationId: name, attestation: 'x509', transport: 'mqtt', at },
    { ...wire, to: 'dps', message: `CONNECT 0ne00C0FFEE/registrations/${name} → CONNACK 0` },
    {
      kind: 'decision',
      judge: 'dps',
      subject: name,
      about: 'registration',
      checks: [{ check: 'common-name-matches', passed: true, expected: name, found: name }],
      at,
    },
    {
      ...wire,
      to: 'dps',
      message: `PUBLISH $dps/registrations/PUT/iotdps-register/?$rid=1 {} → 202 {"status":"assigning"}`,
    },
    { ...wire, to: 'hub-eu.azure-devices.net', message: `CONNECT hub-eu.azure-devices.net/${name} → CONNACK 0` },
    {
      kind: 'attempt-ended',
      device: name,
      registrationId: name,
      outcome: 'assigned',
      sentence: 'its telemetry was accepted',
      telemetry: 'accepted',
      attempts: 1,
      at,
    },
  ];
}
