import type { Command } from 'commander';
import type { ExplainOptions } from '../report/explain-scenario.ts';
import { someText } from '../option-words.ts';

/** `rehearse explain`: what happens in one scenario, in sentences. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('run one scenario and explain in plain sentences what happened and why')
    .argument('<scenario>', 'its file, or its id as `rehearse list scenarios` has it')
    .option('--seed <text>', "fix every draw of chance (default: the scenario's own)", someText)
    .option('--from <run.json>', 'tell of this run instead of playing it again', someText)
    .action(async (scenario: string, options: ExplainOptions) => {
      const { explainScenario } = await import('../report/explain-scenario.ts');
      process.exitCode = await explainScenario(scenario, options);
    });
}
