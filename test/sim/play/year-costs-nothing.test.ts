import { expect, test } from 'vitest';
import { playText } from '../play.ts';

const timeline = (wait: string): string => `
title: A sensor waits
devices: { sensor: { attestation: symmetricKey } }
timeline:
  - enroll: sensor
  - install-key: sensor
  - package: sensor
  - power-on: sensor
    after: ${wait}
    expect: { assigned: hub-eu }
`;

// `npm run bench` measures the real time. This test shows that a long wait causes no events that could take time.
test('a year in the warehouse is one jump of the clock without any other event', async () => {
  const [day] = await playText(timeline('P1D'));
  const [year] = await playText(timeline('P1Y'));
  const kinds = (run: typeof day): readonly string[] => run?.history.map((event) => event.kind) ?? [];
  expect(kinds(year)).toEqual(kinds(day));
  expect(year?.history.find((event) => event.kind === 'time-jumped')).toMatchObject({
    from: Date.UTC(2026, 0, 5, 8),
    to: Date.UTC(2027, 0, 5, 8),
  });
  expect([day?.virtualDuration, year?.virtualDuration]).toEqual(['P1DT6S', 'P1YT6S']);
});
