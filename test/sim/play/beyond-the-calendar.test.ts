import { expect, test } from 'vitest';
import { firstInstant, lastInstant, lastNow, serverCertificateSpan } from '../../../core/time/calendar.ts';
import { isoInstant, VirtualClock } from '../../../core/time/clock.ts';
import { addDuration } from '../../../core/time/duration.ts';
import { loadScenarios, playScenario } from '../../../cli/library.ts';

// The loader cannot know some durations in advance, such as the duration of a production run. If such a duration ends after the last date
// of the calendar, its step fails (field test D17).

test('the limits of the calendar are the documented dates', () => {
  expect([firstInstant, lastInstant, lastNow].map(isoInstant)).toEqual([
    '1950-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.000Z',
    '9899-12-31T23:59:59.000Z',
  ]);
  expect(Object.values(serverCertificateSpan).map(isoInstant)).toEqual([
    '2000-01-01T00:00:00.000Z',
    '2100-01-01T00:00:00.000Z',
  ]);
});

test('a duration beyond the calendar is refused with a sentence', () => {
  expect(() => addDuration(0, 'P300000Y')).toThrow('P300000Y ends outside the calendar');
});

test('the virtual clock refuses a sleep that ends after the year 9899', async () => {
  const clock = new VirtualClock(lastNow - 1000);
  await clock.run(async () => {
    await clock.sleep(500);
    await expect(clock.sleep(501)).rejects.toThrow('passes the year 9899');
    await clock.sleep(500);
  });
  expect(clock.now()).toBe(lastNow);
});

async function played(text: string) {
  const loaded = loadScenarios('late.yaml', text);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(({ message }) => message).join());
  const [scenario] = loaded.scenarios;
  if (scenario === undefined) throw new Error('there is no scenario');
  return playScenario(scenario);
}

test('the step `produce` fails if it lasts beyond the end of virtual time', async () => {
  const { verdict } = await played(`title: A slow line
start: 9890-01-01T00:00:00Z
devices: { unit: { attestation: symmetricKey, count: 3 } }
stations: { bench: {} }
timeline:
  - produce: { device: unit, takt: P9Y, route: [{ at: bench }] }
    expect: { shipped: 0 }
`);
  expect(verdict).toEqual({
    kind: 'fail',
    reason: expect.stringMatching(/^late\.yaml:6:5 produce: the timeline passes the year 9899/),
  });
});

test('the step `issue-certificate` fails if the clock of its station has drifted past the year 9999', async () => {
  const { verdict } = await played(`title: A clock that runs away
start: 2026-01-05T08:00:00Z
pki: { ca: { validity: P100Y } }
devices: { unit: { attestation: x509 } }
stations: { desk: { clockDrift: 1000000 } }
timeline:
  - package: unit
    after: P7000Y
  - issue-certificate: { device: unit, from: ca, validity: P1Y }
    at: desk
    expect: { done: true }
`);
  expect(verdict).toEqual({
    kind: 'fail',
    reason: expect.stringMatching(/^late\.yaml:9:5 issue-certificate: a certificate would be valid after 9999/),
  });
});

test('a run warns if its timeline is longer than the validity of the server certificates', async () => {
  const text = (after: string): string => `title: A pallet is forgotten
devices: { unit: { attestation: symmetricKey, checksServerValidity: false } }
timeline:
  - power-on: unit
    after: ${after}
    expect: { refused: credential-present }
`;
  expect((await played(text('P80Y'))).warnings).toEqual([
    expect.stringContaining('the server certificates of the mock are only valid from 2000 to 2099'),
  ]);
  expect((await played(text('P70Y'))).warnings).toEqual([]);
});
