import { startCloud } from '../../mocks/start-cloud.ts';
import type { Run } from '../../core/run/run.ts';
import type { RunController } from '../../sim/play/run-controller.ts';
import { loadScenarios } from '../../sim/scenario/load.ts';
import { playScenario } from '../../sim/play/play-scenario.ts';
import { steps } from '../../sim/steps/index.ts';

/**
 * Loads and runs every variant of a scenario text against the mock cloud.
 *
 * @param allByWire true if every visit to a hub opens a connection.
 */
export async function playText(
  text: string,
  seed = 'test',
  controller?: RunController,
  allByWire = false,
): Promise<readonly Run[]> {
  const loaded = loadScenarios('test.yaml', text, { steps, topics: [] });
  if (!loaded.ok)
    throw new Error(loaded.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'));
  const runs: Run[] = [];
  for (const scenario of loaded.scenarios) {
    runs.push(
      await playScenario(scenario, {
        seed,
        startCloud,
        allByWire,
        versions: { rehearsal: 'test', node: process.version },
        ...(controller === undefined ? {} : { controller }),
      }),
    );
  }
  return runs;
}
