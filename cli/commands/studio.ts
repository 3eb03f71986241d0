import type { Command } from 'commander';
import { portNumber } from '../option-words.ts';
import type { StudioOptions } from '../studio/studio.ts';

/** `rehearse studio`: a page on which scenarios are played live, for trainers. */
export function addStudio(program: Command): void {
  program
    .command('studio')
    .description('play scenarios live on a page, with a pace, choices to change and an attacker console')
    .argument('[paths...]', 'files or folders (default: scenarios here, else those that rehearse ships)')
    .option('--port <port>', 'on 127.0.0.1; 0 for a free one', portNumber, 0)
    .option('--json', 'when ready, print one line of JSON: { page, audience }')
    .action(async (paths: string[], options: StudioOptions) => {
      const { studio } = await import('../studio/studio.ts');
      process.exitCode = await studio(paths, options);
    });
}
