import { type Command, Option } from 'commander';
import { reports } from '../../reports/index.ts';
import {
  checkWord,
  grepPattern,
  positiveNumber,
  ratioAboveOne,
  shardWords,
  someText,
  wholeNumber,
} from '../option-words.ts';
import type { RunOptions } from '../run-scenarios.ts';

/** `rehearse run`: plays scenarios and judges them. */
export function addRun(program: Command): void {
  program
    .command('run')
    .description('play scenarios and say what did not come out as expected')
    .argument('[paths...]', 'files or folders (default: scenarios here, else those that rehearse ships)')
    .option(
      '-g, --grep <pattern>',
      'only those whose id, title, variant or @tag match this regular expression',
      grepPattern,
    )
    .option(
      '-w, --workers <count>',
      'how many play at the same time (default: as many as there are processors, at most 8, fewer for few scenarios)',
      wholeNumber(1),
    )
    .option('--shard <part/parts>', 'play one part of the whole, such as 1/3', shardWords)
    .option('--retries <count>', 'play again what did not pass, at most so often', wholeNumber(0), 0)
    .addOption(
      new Option(
        '--repeat <count>',
        'play everything so often with the same seed, in another order each time; 1 if it differs',
      )
        .argParser(wholeNumber(2))
        // A retry would hide what this is to find.
        .conflicts(['retries', 'sabotage']),
    )
    .option('--until-different', 'with --repeat: no more after the first difference')
    .option('--seed <text>', "fix every draw of chance (default: the scenario's own, else drawn and printed)", someText)
    .addOption(
      new Option(
        '--reporter <name>',
        `what goes to stdout: ${reports.map(({ name, summary }) => `${name} (${summary})`).join(', ')}`,
      )
        .choices(reports.map(({ name }) => name))
        .default(reports[0].name),
    )
    .option(
      '--report-dir <folder>',
      'where results.json, junit.xml, guide.md, attacks.md and each run.json go',
      someText,
      'rehearsal-report',
    )
    .addOption(
      new Option('--sabotage <check>', 'switch one check off and see who notices: 0 if a scenario does, 1 if none')
        .argParser(checkWord)
        // What failed has noticed: there is nothing to try again.
        .conflicts('retries'),
    )
    .option('--baseline <file>', 'hold what comes out against this file; 4 where it is worse', someText)
    .option('--update-baseline', 'write what comes out into the file of --baseline')
    .option(
      '--slower-than <ratio>',
      'with --baseline: a scenario that takes more than so many times as long is worse too, such as 2',
      ratioAboveOne,
    )
    .option('--time-limit <seconds>', 'real time that one scenario may take', positiveNumber, 120)
    .action(async (paths: string[], options: RunOptions) => {
      const { runScenarios } = await import('../run-scenarios.ts');
      process.exitCode = await runScenarios(paths, options);
    });
}
