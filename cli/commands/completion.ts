import { Argument, type Command } from 'commander';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `rehearse completion`: prints the completion script of a shell, which calls `rehearse complete`. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes commands, options, choices, scenario files and check IDs in a shell')
    .addArgument(new Argument('<shell>', 'shell that reads the script').choices(shells))
    .action(async (shell: (typeof shells)[number]) => {
      const { completionScripts } = await import('../completion/shells.ts');
      process.stdout.write(completionScripts[shell]);
    });
  program
    .command('complete', { hidden: true })
    .description('answer a completion request of the script')
    .argument('[words...]', 'the words after the name of the program, up to the cursor')
    .action(async (words: string[]) => {
      const { complete } = await import('../completion/complete.ts');
      const { candidates, paths } = complete(program, words);
      const lines = candidates.map(({ word, description }) => `${word}\t${description.replaceAll(/\s+/g, ' ')}\n`);
      process.stdout.write(`${lines.join('')}:${paths}\n`);
    });
}
