import type { Command } from 'commander';

/** `rehearse check`: finds all mistakes that can be found without running a scenario. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('find mistakes in scenario files without running them')
    .argument(
      '[paths...]',
      'files, folders or scenario IDs (default: ./scenarios, or the shipped scenarios if there is none)',
    )
    .option('--json', 'print the result as JSON: { ok, files, scenarios, mistakes: [{ file, line, column, message }] }')
    .action(async (paths: string[], { json }: { readonly json?: true }) => {
      const { checkFiles } = await import('../files/check-files.ts');
      process.exitCode = checkFiles(paths, json === true);
    });
}
