import type { Command } from 'commander';
import { portNumber } from '../option-words.ts';
import type { StudioOptions } from '../studio/studio.ts';

/** `rehearse studio`: serves a page on which a trainer plays scenarios live. */
export function addStudio(program: Command): void {
  program
    .command('studio')
    .description('serve a page on which a trainer plays scenarios live, and a page for the audience')
    .argument('[paths...]', 'files or folders (default: ./scenarios, or the shipped scenarios if there is none)')
    .option('--port <port>', 'port on 127.0.0.1; 0 for any free port', portNumber, 0)
    .option('--allow-programs', 'let scenarios start the programs that they name under `program:`, on this computer')
    .option(
      '--json',
      'when the studio is ready, print one line of JSON: { page, audience }. page: address for the trainer; audience: address of the page for people who watch the trainer',
    )
    .action(async (paths: string[], options: StudioOptions) => {
      const { studio } = await import('../studio/studio.ts');
      process.exitCode = await studio(paths, options);
    });
}
