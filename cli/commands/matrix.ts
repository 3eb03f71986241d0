import { type Command, Option } from 'commander';
import { choiceWords, positiveNumber, someText, wholeNumber } from '../option-words.ts';
import { matrixAxes } from '../../core/run/matrix-axes.ts';
import { matrixForms, type MatrixOptions } from '../matrix/matrix-options.ts';

/** `rehearse matrix`: simulates thefts of keys for each combination of a manufacturer's design choices, and measures the damage. */
export function addMatrix(program: Command): void {
  const { attestation, keyStore, factory, attack } = matrixAxes;
  program
    .command('matrix')
    .description('run attestation × key store × factory × attack, and report the result of each combination')
    .addOption(listOption('--attestation <choices>', Object.keys(attestation)))
    .addOption(listOption('--key-store <choices>', Object.keys(keyStore)))
    .addOption(listOption('--factory <choices>', Object.keys(factory)))
    .addOption(listOption('--attack <choices>', Object.keys(attack)))
    .addOption(new Option('--as <form>', 'format of stdout').choices(matrixForms).default(matrixForms[0]))
    .option(
      '-w, --workers <count>',
      'how many combinations run at the same time (default: one for each processor, at most 8, fewer for few combinations)',
      wholeNumber(1),
    )
    .option('--seed <text>', 'fix every random choice (default: a new seed, which is printed)', someText)
    .option(
      '--report-dir <folder>',
      'write report.html, matrix.html, matrix.md, matrix.json, results.json, junit.xml and each run.json there',
      someText,
      'rehearsal-matrix',
    )
    .option('--time-limit <seconds>', 'maximum real time of one combination', positiveNumber, 300)
    .action(async (options: MatrixOptions) => {
      const { playMatrix } = await import('../matrix/play-matrix.ts');
      process.exitCode = await playMatrix(options);
    });
}

/** Returns an option whose value consists of some of these words, separated by commas. */
function listOption(flags: string, words: readonly string[]): Option {
  return new Option(flags, 'only these values, separated by commas').choices(words).argParser(choiceWords(words));
}
