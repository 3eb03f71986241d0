import { InvalidArgumentError, Option, type Command } from 'commander';
import { clientCapabilities, statementGroups } from '../../core/conformance/conformance-result.ts';
import { suggest } from '../../sim/scenario/mistakes/suggest.ts';
import { choiceWords, someText, wholeNumber } from '../option-words.ts';
import { fileReporters, type ConformOptions, type FileReporter } from '../conform/conform-options.ts';

/** `rehearse conform`: tests how a client behaves towards DPS and its hub. */
export function addConform(program: Command): void {
  program
    .command('conform')
    .description('run a client against labs that provoke its mistakes, and report how it behaves on the wire')
    .argument('[command...]', 'the client and its arguments, after `--`; it reads its set-up from REHEARSAL_ variables')
    .option('--name <name>', 'name of the client in the report (default: its command)', someText)
    .addOption(
      new Option(
        '--without <choices>',
        `capabilities that the client lacks: ${Object.keys(clientCapabilities).join(', ')}`,
      )
        .argParser(choiceWords(Object.keys(clientCapabilities)))
        .default([]),
    )
    .option(
      '--only <ids>',
      `test only these statements (requirements on clients) or groups of statements, such as P1,Q5,tls; groups: ${Object.keys(statementGroups).join(', ')}`,
      statementWords,
      [],
    )
    .option(
      '--cases <file>',
      'YAML or JSON file that describes the client: command, env, workdir, without, and other commands for some worlds (settings of a lab)',
    )
    .option('--env <name>', 'pass this variable of the environment to the client; may be repeated', collect, [])
    .option('--workers <n>', 'number of labs at the same time', wholeNumber(1), 4)
    .option('--json', 'print the report as JSON')
    .option(
      '--reporter <list>',
      `write files: ${fileReporters.map((kind) => `${kind}:FILE`).join(', ')}`,
      reporterWords,
      [],
    )
    .option('--badge <file>', 'write the score as an SVG badge')
    .option(
      '--baseline <file>',
      'compare with the JSON report of an earlier run; exit 4 if the result of a statement is worse',
    )
    .option('--list', 'list the statements and the worlds (settings of a lab) that test them, and run nothing')
    .action(async (words: readonly string[], options: ConformOptions) => {
      const { conform } = await import('../conform/conform.ts');
      process.exitCode = await conform(words, options);
    });
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, someText(text)];
}

function statementWords(text: string, before: readonly string[]): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !/^[a-z]\d{1,2}$/i.test(word) && !(word.toLowerCase() in statementGroups));
  if (wrong !== undefined)
    throw new InvalidArgumentError(
      `Unknown statement or group "${wrong}"${suggest(wrong.toLowerCase(), Object.keys(statementGroups))}; \`rehearse conform --list\` shows all.`,
    );
  return [...before, ...words];
}

function reporterWords(text: string, before: readonly FileReporter[]): readonly FileReporter[] {
  return [
    ...before,
    ...text.split(',').map((word): FileReporter => {
      const [name = '', ...rest] = word.split(':');
      const kind = fileReporters.find((each) => each === name);
      const path = rest.join(':');
      if (kind === undefined || path === '')
        throw new InvalidArgumentError(`Expected ${fileReporters.map((each) => `${each}:FILE`).join(', ')}.`);
      return { kind, path };
    }),
  ];
}
