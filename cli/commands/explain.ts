import type { Command } from 'commander';
import type { ExplainOptions } from '../report/explain-scenario.ts';
import { someText } from '../option-words.ts';

/** `rehearse explain`: explains one scenario in sentences. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('run one scenario and explain each event and its reason in plain sentences')
    .argument('<scenario>', 'scenario file, or scenario ID from `rehearse list scenarios`')
    .option('--seed <text>', 'fix every random choice (default: the seed of the scenario, or 1)', someText)
    .option('--from <run.json>', 'explain this recorded run instead of running the scenario', someText)
    .option('--allow-programs', 'let the scenario start the programs that it names under `program:`, on this computer')
    .action(async (scenario: string, options: ExplainOptions) => {
      const { explainScenario } = await import('../report/explain-scenario.ts');
      process.exitCode = await explainScenario(scenario, options);
    });
}
