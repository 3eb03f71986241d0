import { expect, test } from 'vitest';
import { loadText } from '../../../cli/files/load-files.ts';
import { Play } from '../../../cli/studio/play.ts';

const text = `title: A sensor is switched on
devices:
  sensor: { attestation: symmetricKey }
timeline:
  - enroll: sensor
  - install-key: sensor
  - power-on: sensor
    after: P1M
    expect: { assigned: hub-eu }
`;

test('the studio stops a run that stays paused too long, and the state of the run gives the reason', async () => {
  const loaded = loadText('sensor.yaml', text);
  const [scenario] = loaded.ok ? loaded.scenarios : [];
  if (scenario === undefined) throw new Error('the text has mistakes');
  const play = new Play(scenario, {
    seed: 'one',
    pace: { kind: 'step-by-step' },
    breakpoints: { parties: [], checks: [], steps: [] },
    pauseLimitMs: 600,
  });
  const run = await play.ended;
  expect(run.verdict).toEqual({
    kind: 'unknown',
    reason: expect.stringMatching(/stopped after a pause of 0\.01 minutes/),
  });
  expect(run.history).toEqual([]);
  expect(play.state.kind).toBe('over');
});
