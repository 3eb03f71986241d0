import type { Command } from 'commander';
import type { MergeOptions } from '../report/merge-folders.ts';
import { ratioAboveOne, someText } from '../option-words.ts';

/** `rehearse merge`: one report of many parts of a suite. */
export function addMerge(program: Command): void {
  program
    .command('merge')
    .description('merge the report folders of `rehearse run --shard` into one')
    .argument('<folders...>', 'report folders of all shards')
    .option('--report-dir <folder>', 'where the whole goes', someText, 'rehearsal-report')
    .option('--baseline <file>', 'hold it against this file; 4 where it is worse', someText)
    .option(
      '--slower-than <ratio>',
      'with --baseline: a scenario that takes more than N times as long is a regression too, such as 2',
      ratioAboveOne,
    )
    .action(async (folders: string[], options: MergeOptions) => {
      const { mergeFolders } = await import('../report/merge-folders.ts');
      process.exitCode = mergeFolders(folders, options);
    });
}
