import { expect, test } from 'vitest';
import { lastOfEachDevice } from '../../../core/findings/last-of-each-device.ts';
import { observeRegistrations } from '../../../core/findings/registrations.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';

const noon = Date.UTC(2026, 0, 5, 12);

/** Counts how often the tested code reads properties of the watched objects. */
function counter(): { readonly count: () => number; readonly watch: <T extends object>(one: T) => T } {
  let count = 0;
  const watch = <T extends object>(one: T): T =>
    new Proxy(one, {
      get: (target, name) => {
        count++;
        return Reflect.get(target, name) as unknown;
      },
    });
  return { count: () => count, watch };
}

/**
 * Returns the history of a fleet whose attempts all run at the same time. Each attempt has one decision of DPS and one decision of its hub.
 */
function fleetAtOnce(size: number): HistoryEvent[] {
  const each = (event: (name: string) => object): HistoryEvent[] =>
    Array.from({ length: size }, (_, index) => ({ at: noon, ...event(`device-${index}`) }) as HistoryEvent);
  const checks = [{ check: 'id-scope-known', passed: false, expected: 'one', found: 'another' }];
  return [
    ...each((device) => ({
      kind: 'attempt-started',
      device,
      registrationId: device,
      attestation: 'symmetricKey',
      transport: 'mqtt',
    })),
    ...each((subject) => ({ kind: 'decision', judge: 'dps', subject, about: 'registration', checks })),
    ...each((subject) => ({ kind: 'decision', judge: 'hub', subject, about: 'connection', checks })),
    ...each((device) => ({
      kind: 'attempt-ended',
      device,
      registrationId: device,
      deviceId: device,
      outcome: 'refused',
      sentence: 's',
      telemetry: 'none',
      attempts: 1,
    })),
  ];
}

test('the work to find registrations grows at most linearly with the number of events', () => {
  const reads = (size: number): number => {
    const { count, watch } = counter();
    const found = observeRegistrations(fleetAtOnce(size).map(watch), new Map());
    expect(found.filter(({ decision }) => decision?.judge === 'hub')).toHaveLength(size);
    return count();
  };
  expect(reads(2000) / reads(500)).toBeLessThan(4.1);
});

test('the work to find the last registration of each device grows at most linearly with the number of registrations', () => {
  const observed = observeRegistrations(fleetAtOnce(2000), new Map());
  const reads = (size: number): number => {
    const { count, watch } = counter();
    const all = observed.slice(0, size).map((one) => ({ ...one, registration: watch(one.registration) }));
    expect(lastOfEachDevice([...all, ...all])).toEqual(all);
    return count();
  };
  expect(reads(2000) / reads(500)).toBeLessThan(4.1);
});
