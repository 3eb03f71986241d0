import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConformanceReport } from '../../core/conformance/conformance-result.ts';
import { compareConformance } from '../../reports/conformance/compare-conformance.ts';
import { conformanceBadge } from '../../reports/conformance/conformance-badge.ts';
import { conformanceHtml } from '../../reports/conformance/conformance-html.ts';
import { conformanceJunit } from '../../reports/conformance/conformance-junit.ts';
import { conformanceText } from '../../reports/conformance/conformance-text.ts';
import { paintOf } from '../../reports/markup/paint-of.ts';
import type { Statement } from '../../sim/conformance/statements/statement.ts';
import { statements } from '../../sim/conformance/statements/statements.ts';
import { worlds } from '../../sim/conformance/worlds/worlds.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { mistake } from '../mistake.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import { watchSignals } from '../run/interruption.ts';
import type { ClientSpec } from './client-spec.ts';
import type { ConformOptions, FileReporter } from './conform-options.ts';
import { playWorlds } from './play-worlds.ts';
import { readBaselineReport } from './read-baseline-report.ts';
import { readCases } from './read-cases.ts';

/**
 * `rehearse conform`: runs a client in all test worlds (situations such as a power cut), and reports for each conformance statement whether
 * the client behaves as the statement requires. Returns the exit code.
 */
export async function conform(words: readonly string[], options: ConformOptions): Promise<number> {
  const unknown = options.only.find((word) => !statements.some((statement) => isChosen(statement, [word])));
  if (unknown !== undefined) return mistake(unknownStatement(unknown));
  const chosen = statements.filter((statement) => isChosen(statement, options.only));
  if (options.list === true) return list(chosen);
  const cases = options.cases === undefined ? undefined : readCases(options.cases);
  if (cases?.ok === false) return mistake(cases.failure.sentence);
  const command = words.length > 0 ? words : (cases?.value.command ?? []);
  if (command.length === 0)
    return mistake(
      'no command; write it after `--`, such as: rehearse conform -- ./meter, or name a file with --cases',
    );
  const baseline = options.baseline === undefined ? undefined : readBaselineReport(options.baseline);
  if (baseline?.ok === false) return mistake(baseline.failure.sentence);
  const unset = options.env.find((name) => process.env[name] === undefined);
  if (unset !== undefined)
    return mistake(`--env ${unset}: the environment has no such variable; set it, or remove the option`);

  const interruption = watchSignals();
  const client: ClientSpec = {
    command,
    folder: cases?.value.folder ?? process.cwd(),
    environment: {
      ...cases?.value.env,
      ...Object.fromEntries(options.env.map((name) => [name, process.env[name] ?? ''])),
    },
    commandOf: Object.fromEntries(Object.entries(cases?.value.worlds ?? {}).map(([id, each]) => [id, each.command])),
    without: [...new Set([...options.without, ...(cases?.value.without ?? [])])],
  };
  const report = await playWorlds({
    statements: chosen,
    worlds,
    client,
    name: options.name ?? cases?.value.name ?? command.join(' '),
    workers: options.workers,
    signal: interruption.signal,
    onWorld: ({ outcome }) =>
      void process.stderr.write(`${(outcome.tookMs / 1000).toFixed(1).padStart(6)} s  ${outcome.id}: ${outcome.end}\n`),
  });
  interruption.stop();
  write(report, options);
  return interruption.exitCode() ?? ended(report, baseline?.value);
}

function isChosen({ id, group }: Statement, only: readonly string[]): boolean {
  return only.length === 0 || only.some((word) => word.toUpperCase() === id || word.toLowerCase() === group);
}

/** Returns the mistake for an ID that no statement has. IDs are letters with a number, so the nearest ones have the same letter. */
function unknownStatement(word: string): string {
  const id = word.toUpperCase();
  const near = statements.filter((one) => one.id.startsWith(id.slice(0, 1))).map((one) => one.id);
  const known = near.length === 0 ? '' : `; the statements with ${id.slice(0, 1)} are ${near.join(', ')}`;
  return `unknown statement ${id}${known}; \`rehearse conform --list\` shows all`;
}

function list(chosen: readonly Statement[]): number {
  for (const { id, level, statement, worlds: where, isInformative } of chosen) {
    const note = isInformative === true ? ' (informative)' : '';
    process.stdout.write(
      `${id.padEnd(4)} ${level.padEnd(6)} ${statement}${note}  [${where.join(', ') || 'no world tests it yet'}]\n`,
    );
  }
  return exitCodes.asExpected;
}

function write(report: ConformanceReport, { json, reporter, badge }: ConformOptions): void {
  const paint = paintOf({ colour: isColourWanted(process.stdout) });
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : conformanceText(report, paint));
  for (const { kind, path } of reporter) {
    const isBesideReport = existsSync(join(dirname(path), 'report.html'));
    writeAtomically(path, textOf[kind](report, isBesideReport));
  }
  if (badge !== undefined) writeAtomically(badge, conformanceBadge(report));
}

/** `isBesideReport` is true if a report.html is in the same folder. The page then links to it. */
const textOf: Readonly<Record<FileReporter['kind'], (report: ConformanceReport, isBesideReport: boolean) => string>> = {
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  junit: conformanceJunit,
  html: conformanceHtml,
};

/** Returns the exit code of a complete run. With a baseline, only regressions count. */
function ended(report: ConformanceReport, baseline: Pick<ConformanceReport, 'results'> | undefined): number {
  const isSeen = report.results.some(
    ({ verdict }) => verdict === 'pass' || verdict === 'fail' || verdict === 'informative',
  );
  if (!isSeen) {
    const last = report.worlds.at(-1);
    const output =
      last === undefined || last.output.trim() === ''
        ? 'the client printed nothing'
        : `the client printed: ${last.output.trim().slice(-300)}`;
    process.stderr.write(
      `error: no statement has a verdict after ${report.worlds.length} worlds; check that the client reads the REHEARSAL_ variables (docs/conformance.md); ${output}\n`,
    );
    return exitCodes.inconclusive;
  }
  if (baseline !== undefined) {
    const worse = compareConformance(baseline, report);
    for (const { id, before, after } of worse)
      process.stderr.write(`worse than the baseline: ${id} was "${before}" and is "${after}"\n`);
    return worse.length > 0 ? exitCodes.regression : exitCodes.asExpected;
  }
  return report.results.some(({ verdict }) => verdict === 'fail') ? exitCodes.expectationFailed : exitCodes.asExpected;
}
