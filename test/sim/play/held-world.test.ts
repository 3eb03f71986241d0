import { expect, test } from 'vitest';
import { systemClock } from '../../../core/time/clock.ts';
import { normaliseHistory } from '../../../core/history/normalise-history.ts';
import { playText } from '../play.ts';

const scenario = (transport: string): string => `
title: A device asks again after it was told to wait
devices:
  meter: { attestation: symmetricKey, transport: ${transport} }
timeline:
  - enroll: meter
  - install-key: meter
  - power-on: meter
    expect: { assigned: hub-eu }
`;

// The pause is longer than a Node server keeps an idle connection open.
const holdMs = 7000;

test.concurrent.each(['https', 'mqtt', 'amqp', 'mqtt-ws', 'amqp-ws'])(
  'a simulation that is paused for 7 seconds continues over %s with the same result',
  async (transport) => {
    let held = 0;
    const controller = {
      onEvent: () => {},
      beforeWait: () => {},
      beforeStep: async () => {},
      beforeTimeJump: async () => {
        if (held++ === 0) await systemClock.sleep(holdMs);
      },
    };
    const [[plain], [run]] = await Promise.all([
      playText(scenario(transport)),
      playText(scenario(transport), 'test', controller),
    ]);
    expect(held).toBeGreaterThan(0);
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    expect(normaliseHistory(run?.history ?? [])).toEqual(normaliseHistory(plain?.history ?? []));
  },
);
