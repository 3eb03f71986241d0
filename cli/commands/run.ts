import { type Command, Option } from 'commander';
import { generateRsaAhead } from '../../core/x509/mint/key-pair.ts';
import {
  checkWord,
  grepPattern,
  positiveNumber,
  ratioAboveOne,
  shardWords,
  someText,
  webAddress,
  wholeNumber,
} from '../option-words.ts';
import { reporterHelp, reporterWords } from '../report/reporter-words.ts';
import { openWhen, type RunOptions } from '../run/run-options.ts';

/** `rehearse run`: runs scenarios and reports the verdicts. */
export function addRun(program: Command): void {
  program
    .command('run')
    .description('run scenarios and report each result that differs from the expected one')
    .argument(
      '[paths...]',
      'files, folders or scenario IDs (default: ./scenarios, or the shipped scenarios if there is none)',
    )
    .option(
      '-g, --grep <pattern>',
      'run only scenarios whose id, title, variant or @tag matches this regular expression',
      grepPattern,
    )
    .addOption(
      new Option(
        '--last-failed',
        'run only the scenarios that did not pass in the last run of the report folder, with the same seeds',
      ).conflicts(['watch', 'sabotage']),
    )
    .addOption(
      new Option('--max-failures <count>', 'stop after N scenarios that did not pass')
        .argParser(wholeNumber(1))
        .conflicts(['repeat', 'sabotage']),
    )
    .option(
      '-w, --workers <count>',
      'how many scenarios run at the same time (default: one for each processor, at most 8, fewer for few scenarios)',
      wholeNumber(1),
    )
    .option('--shard <part/parts>', 'run one part of the suite, such as 1/3', shardWords)
    .option('--retries <count>', 'run a scenario again if it does not pass, at most N times', wholeNumber(0), 0)
    .addOption(
      new Option(
        '--repeat <count>',
        'run the suite N times with the same seed in shuffled order; exit 1 if any result differs',
      )
        .argParser(wholeNumber(2))
        // A retry would hide the different results that --repeat looks for.
        .conflicts(['retries', 'sabotage']),
    )
    .option('--until-different', 'with --repeat: stop after the first difference')
    .option(
      '--seed <text>',
      'fix every random choice (default: the seed of the scenario, or a new one, which is printed)',
      someText,
    )
    .option('--reporter <names>', `${reporterHelp} (default: line on a terminal, otherwise files)`, reporterWords)
    .option(
      '--report-dir <folder>',
      'write report.html, results.json, junit.xml, guide.md, attacks.md and each run.json there',
      someText,
      'rehearsal-report',
    )
    .option(
      '--keep <count>',
      'keep the results of the last N runs for trends, in history/ of the report folder',
      wholeNumber(0),
      10,
    )
    .addOption(
      new Option(
        '--open [when]',
        'open report.html in the default browser after the run, but not in CI or without a terminal; --open means --open always',
      )
        .choices(openWhen)
        .preset(openWhen[0])
        .conflicts('watch'),
    )
    .addOption(
      new Option(
        '--sabotage <check>',
        'disable one check, as a test of the scenarios; exit 0 if a scenario fails because of this, 1 if none does',
      )
        .argParser(checkWord)
        // A scenario that fails has detected the disabled check, so a retry has no purpose.
        .conflicts('retries'),
    )
    .option(
      '--report-url <url>',
      'address of the published report, for links (default in GitHub Actions: the address of the workflow run)',
      webAddress,
    )
    .option('--baseline <file>', 'compare the results with this baseline; exit 4 on a regression', someText)
    .option('--update-baseline', 'write the results into the file of --baseline')
    .option(
      '--slower-than <ratio>',
      'with --baseline: a scenario that takes more than N times as long as before is a regression too',
      ratioAboveOne,
    )
    .addOption(
      new Option(
        '--watch',
        'keep running, and run the scenarios of a file again each time the file is saved',
      ).conflicts(['repeat', 'sabotage', 'shard', 'baseline', 'updateBaseline']),
    )
    .option('--allow-programs', 'let scenarios start the programs that they name under `program:`, on this computer')
    .option('--time-limit <seconds>', 'maximum real time of one scenario', positiveNumber, 120)
    .action(async (paths: string[], options: RunOptions) => {
      if (isFewFiles(paths)) generateRsaAhead(serverKeys);
      const { runScenarios } = await import('../run/run-scenarios.ts');
      process.exitCode = await runScenarios(paths, options);
    });
}

/** Returns true if the arguments are one or two files. Their scenarios probably run in the process of the command. */
function isFewFiles(paths: readonly string[]): boolean {
  return (
    paths.length > 0 && paths.length <= 2 && paths.every((path) => path.endsWith('.yaml') || path.includes('.yaml#'))
  );
}

/** Number of RSA keys of the servers of a cloud: a root CA and a leaf. */
const serverKeys = 2;
