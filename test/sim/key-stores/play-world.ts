import { startCloud } from '../../../mocks/start-cloud.ts';
import { addDuration } from '../../../core/time/duration.ts';
import type { CheckId } from '../../../core/checks.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { enrollGroups } from '../../../sim/world/enroll-groups.ts';
import { orderFaults } from '../../../sim/play/order-faults.ts';
import { followSecrets } from '../../../sim/secrets/follow-secrets.ts';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';
import { createWorld, type World } from '../../../sim/world/world.ts';

/** Runs the timeline of a scenario without a verdict. Calls `look` before the simulated devices and services are closed. */
export async function playWorld<T>(
  text: string,
  look: (world: World) => Promise<T>,
  sabotage?: CheckId,
): Promise<{ readonly found: T; readonly history: readonly HistoryEvent[] }> {
  const loaded = loadScenarios('test.yaml', text, { steps, topics: [] });
  const [scenario] = loaded.ok ? loaded.scenarios : [];
  if (scenario === undefined) throw new Error(loaded.ok ? 'no scenario' : loaded.mistakes[0]?.message);
  const { world, close } = await createWorld(scenario, 'test', startCloud, 'skip', { sabotage });
  try {
    await world.clock.run(async () => {
      const { cloud, pki } = world;
      const { webhook, settings } = cloud;
      enrollGroups(settings.enrollmentGroups, { cloud, webhook, authorities: pki.authorities });
      followSecrets(world);
      await orderFaults(world);
      for (const step of scenario.timeline) {
        const now = world.clock.now();
        if (step.after !== undefined) await world.clock.sleep(addDuration(now, step.after) - now);
        await step.run(world);
      }
    });
    return { found: await look(world), history: world.history.events() };
  } finally {
    await close();
  }
}
