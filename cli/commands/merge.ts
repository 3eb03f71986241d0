import type { Command } from 'commander';
import { someText } from '../option-words.ts';

/** `rehearse merge`: one report of many parts of a suite. */
export function addMerge(program: Command): void {
  program
    .command('merge')
    .description('make one report folder of those that `rehearse run --shard` left')
    .argument('<folders...>', 'report folders of all shards')
    .option('--report-dir <folder>', 'where the whole goes', someText, 'rehearsal-report')
    .action(async (folders: string[], { reportDir }: { readonly reportDir: string }) => {
      const { mergeFolders } = await import('../merge-folders.ts');
      process.exitCode = mergeFolders(folders, reportDir);
    });
}
