import { InvalidArgumentError } from 'commander';
import { defined } from '../../core/defined.ts';
import { reports } from '../../reports/index.ts';
import { suggest } from '../../sim/scenario/mistakes/suggest.ts';
import type { ChosenReport } from './chosen-report.ts';

/** Describes the value of `--reporter` for the help. */
export const reporterHelp = `reports, separated by commas; NAME is on stdout, NAME:FILE in a file: ${reports
  .map(({ name, summary }) => `${name} (${summary})`)
  .join(', ')}`;

/**
 * Parses `--reporter`: `name` or `name:file`, separated by commas; the option may be repeated. Fails if two reports would go to stdout or
 * to one file. Together with another report, `html` without a file is allowed and means the page that the report folder always has.
 */
export function reporterWords(text: string, former: readonly ChosenReport[] = []): readonly ChosenReport[] {
  const chosen = [...former, ...text.split(',').map((word) => chosenReport(word.trim()))];
  const onStdout = chosen.filter(({ name, file }) => file === undefined && (name !== 'html' || chosen.length === 1));
  const [first, second] = onStdout;
  if (first !== undefined && second !== undefined) {
    throw new InvalidArgumentError(
      `${first.name} and ${second.name} would both be on stdout, which has one report at most. Give one of them a file, such as ${second.name}:${second.name}.txt.`,
    );
  }
  const files = chosen.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, at) => files.indexOf(file) !== at);
  if (twice !== undefined)
    throw new InvalidArgumentError(`Two reports have the file ${twice}; give each its own file.`);
  return chosen;
}

function chosenReport(word: string): ChosenReport {
  const colon = word.indexOf(':');
  const name = colon === -1 ? word : word.slice(0, colon);
  const names = reports.map((report) => report.name);
  if (!names.some((known) => known === name)) {
    throw new InvalidArgumentError(`Allowed choices are ${names.join(', ')}${suggest(name, names) || '.'}`);
  }
  const file = colon === -1 ? undefined : word.slice(colon + 1);
  if (file === '') throw new InvalidArgumentError(`${word} names no file; write ${name}:FILE.`);
  return { name, ...defined({ file }) };
}
