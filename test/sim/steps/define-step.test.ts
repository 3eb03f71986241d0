import { expect, test } from 'vitest';
import { z } from 'zod';
import { startCloud } from '../../../mocks/start-cloud.ts';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { defineStep } from '../../../sim/steps/define-step.ts';
import { steps } from '../../../sim/steps/index.ts';
import { createWorld } from '../../../sim/world/world.ts';
import { worldAt } from '../../../sim/world/world.ts';

const text = `
title: A world to look at
stations: { bench: { party: contract-manufacturer, clockOffset: P1Y } }
devices: { sensor: { attestation: symmetricKey } }
timeline:
  - power-on: sensor
    expect: { refused: credential-present }
`;

async function openWorld() {
  const loaded = loadScenarios('test.yaml', text, { steps, topics: [] });
  const [scenario] = loaded.ok ? loaded.scenarios : [];
  if (scenario === undefined) throw new Error(loaded.ok ? 'no scenario' : loaded.mistakes[0]?.message);
  return createWorld(scenario, 'test', startCloud, 'skip');
}

test('`defineStep` gives a step only the parts of the simulation that the step declares', async () => {
  const { world, close } = await openWorld();
  try {
    expect(Object.keys(world).length).toBeLessThanOrEqual(10);
    let seen: readonly string[] = [];
    const step = defineStep({
      name: 'look',
      summary: 'Looks at its world.',
      args: z.strictObject({ device: z.string() }),
      uses: ['clock', 'place'],
      run: async (given) => {
        seen = Object.keys(given);
        // @ts-expect-error The step does not declare the cloud.
        expect(given.cloud).toBeUndefined();
      },
    });
    const bound = step.bind({ device: 'sensor' });
    if (!bound.ok) throw new Error('the arguments do not fit');
    await bound.step.run(world);
    expect(seen).toEqual(['clock', 'place', 'tell']);
  } finally {
    await close();
  }
});

test('`defineStep` gives a step at a station the clock of the station and the organisation that runs the station', async () => {
  const { world, close } = await openWorld();
  try {
    const there = worldAt(world, world.factory.stations.get('bench'));
    let ahead = 0;
    const step = defineStep({
      name: 'look',
      summary: 'Looks at its place.',
      args: z.strictObject({ device: z.string() }),
      uses: ['clock', 'place'],
      run: async ({ clock, place, tell }) => {
        ahead = place.clock.now() - clock.now();
        tell('manufacturer', 'sensor', 'it is looked at');
      },
    });
    const bound = step.bind({ device: 'sensor' });
    if (!bound.ok) throw new Error('the arguments do not fit');
    await bound.step.run(there);
    expect(ahead).toBe(365 * 24 * 3600 * 1000);
    expect(world.history.events().at(-1)).toMatchObject({ party: 'contract-manufacturer', station: 'bench' });
  } finally {
    await close();
  }
});
