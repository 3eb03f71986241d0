import type { Command } from 'commander';
import type { MergeOptions } from '../report/merge-folders.ts';
import { reporterHelp, reporterWords } from '../report/reporter-words.ts';
import { ratioAboveOne, someText, webAddress } from '../option-words.ts';

/** `rehearse merge`: merges the reports of all shards. */
export function addMerge(program: Command): void {
  program
    .command('merge')
    .description('merge the report folders of `rehearse run --shard` into one')
    .argument('<folders...>', 'report folders of all shards')
    .option('--report-dir <folder>', 'write the merged report there', someText, 'rehearsal-report')
    .option(
      '--report-url <url>',
      'address of the published report, for links (default in GitHub Actions: the address of the workflow run)',
      webAddress,
    )
    .option('--baseline <file>', 'compare the results with this baseline; exit 4 on a regression', someText)
    .option(
      '--slower-than <ratio>',
      'with --baseline: a scenario that takes more than N times as long as before is a regression too',
      ratioAboveOne,
    )
    .option('--reporter <names>', `${reporterHelp} (default: failures and the summary)`, reporterWords)
    .action(async (folders: string[], options: MergeOptions) => {
      const { mergeFolders } = await import('../report/merge-folders.ts');
      process.exitCode = mergeFolders(folders, options);
    });
}
