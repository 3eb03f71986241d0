import { type Command, Option } from 'commander';
import { choiceWords, positiveNumber, someText, wholeNumber } from '../option-words.ts';
import { matrixAxes } from '../../core/run/matrix-axes.ts';
import type { MatrixOptions } from '../matrix/play-matrix.ts';

/** What `rehearse matrix` can print; all of them are files in the report folder as well. */
export const matrixForms = ['terminal', 'markdown', 'html'] as const;

/** `rehearse matrix`: plays the choices of a manufacturer against thefts, and measures what each comes to. */
export function addMatrix(program: Command): void {
  const { attestation, keyStore, factory, attack } = matrixAxes;
  program
    .command('matrix')
    .description('run attestation × key store × factory × attack, and report the result of each combination')
    .option('--attestation <choices>', `only these: ${namesOf(attestation)}`, choiceWords(Object.keys(attestation)))
    .option('--key-store <choices>', `only these: ${namesOf(keyStore)}`, choiceWords(Object.keys(keyStore)))
    .option('--factory <choices>', `only these: ${namesOf(factory)}`, choiceWords(Object.keys(factory)))
    .option('--attack <choices>', `only these: ${namesOf(attack)}`, choiceWords(Object.keys(attack)))
    .addOption(new Option('--as <form>', 'what goes to stdout').choices(matrixForms).default(matrixForms[0]))
    .option(
      '-w, --workers <count>',
      'how many play at the same time (default: as many as there are processors, at most 8, fewer for few cells)',
      wholeNumber(1),
    )
    .option('--seed <text>', 'fix every draw of chance (default: drawn and printed)', someText)
    .option(
      '--report-dir <folder>',
      'where report.html, matrix.html, matrix.md, matrix.json, results.json, junit.xml and each run.json go',
      someText,
      'rehearsal-report',
    )
    .option('--time-limit <seconds>', 'real time that one cell may take', positiveNumber, 300)
    .action(async (options: MatrixOptions) => {
      const { playMatrix } = await import('../matrix/play-matrix.ts');
      process.exitCode = await playMatrix(options);
    });
}

function namesOf(words: Readonly<Record<string, string>>): string {
  return Object.keys(words).join(', ');
}
