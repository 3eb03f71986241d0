import { expect, test } from 'vitest';
import { playText } from '../play.ts';

const scenario = (transport: string, timeline: string): string => `
title: A device keeps a connection
devices:
  meter: { attestation: symmetricKey, transport: ${transport} }
timeline:
  - enroll: meter
  - install-key: meter
${timeline}
`;

test('a device with a kept connection sends all messages over this connection until the device is switched off', async () => {
  const [run] = await playText(
    scenario(
      'mqtt',
      `
  - power-on: meter
  - stay-connected: meter
    expect: { assigned: hub-eu, attempts: 0 }
  - stay-connected: meter
    after: PT10M
    expect: { assigned: hub-eu }
  - power-off: meter
  - stay-connected: meter
    expect: { assigned: hub-eu }
`,
    ),
  );
  expect(run?.verdict).toMatchObject({ kind: 'pass' });
  const replaced = run?.history.filter((event) => event.kind === 'wire' && event.message.includes('400027'));
  expect(replaced).toEqual([]);
});

test('the hub ends a connection when its token expires, and the device notices this at its next message', async () => {
  const [run] = await playText(
    scenario(
      'mqtt',
      `
  - power-on: meter
  - stay-connected: meter
  - stay-connected: meter
    after: P1D
    expect: { refused: hub-connection-kept }
`,
    ),
  );
  expect(run?.verdict).toMatchObject({ kind: 'pass' });
});

test.each([
  ['mqtt', 'failed', 'the device was never assigned to a hub'],
  ['amqp', undefined, 'meter has transport: amqp, but stay-connected needs mqtt or https'],
])('over %s, a device without an assigned hub opens no connection', async (transport, outcome, sentence) => {
  const [run] = await playText(scenario(transport, '  - stay-connected: meter\n    expect: { telemetry: none }'));
  const [row] = run?.registrations ?? [];
  expect(row?.outcome).toBe(outcome);
  expect(row?.sentence ?? run?.verdict.reason).toContain(sentence);
});

test('the step `power-on` fails if the registration attempt takes longer than `within` permits', async () => {
  const [run] = await playText(
    scenario(
      'mqtt',
      `
  - power-on: meter
    expect: { assigned: hub-eu, within: PT1S }
`,
    ),
  );
  expect(run?.verdict).toMatchObject({ kind: 'fail' });
  expect(run?.stepVerdicts[0]?.reason).toMatch(/^within: expected PT1S, actual PT\d+S$/);
});
