import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { defined } from '../../core/defined.ts';
import type { Run } from '../../core/run/run.ts';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { explainText } from '../../reports/text/explain.ts';
import { colourPaint, plainPaint } from '../../reports/markup/paint.ts';
import type { Scenario } from '../../sim/scenario/load.ts';
import { suggest } from '../../sim/scenario/mistakes/suggest.ts';
import { exitCodes } from '../exit-codes.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import { playScenario } from '../library.ts';
import { loadFiles } from '../files/load-files.ts';
import { mistake } from '../mistake.ts';
import { readRun } from './read-run.ts';
import { tellMistakes } from '../files/tell-mistakes.ts';

export interface ExplainOptions {
  readonly seed?: string;
  readonly from?: string;
  readonly allowPrograms?: true;
}

/** Runs one scenario, or reads a recorded run, explains it on stdout and returns the exit code. */
export async function explainScenario(name: string, { seed, from, allowPrograms }: ExplainOptions): Promise<number> {
  if (from !== undefined) {
    const read = readRun(dirname(from), basename(from));
    if (!read.ok) return mistake(read.failure.sentence);
    const { id, file } = read.value;
    if (id !== name && file !== name) return mistake(`${from} is a run of ${id}, not of ${name}`);
    return explain(read.value);
  }
  const loaded = loadFiles(pathsOf(name));
  if (loaded.mistakes.length > 0) return tellMistakes(loaded);
  const chosen = chosenFrom(loaded.scenarios, name);
  if (!chosen.ok) return mistake(chosen.failure.sentence);
  return explain(await playScenario(chosen.value, defined({ seed, allowPrograms })));
}

function explain(run: Run): number {
  process.stdout.write(explainText(run, isColourWanted(process.stdout) ? colourPaint : plainPaint));
  const codes = { pass: exitCodes.asExpected, fail: exitCodes.expectationFailed } as const;
  return run.verdict.kind === 'pass' || run.verdict.kind === 'fail' ? codes[run.verdict.kind] : exitCodes.inconclusive;
}

/**
 * Returns the path of the scenario file to which a name or an ID refers. Returns an empty list if only a search in all files can find the
 * scenario.
 */
function pathsOf(name: string): readonly string[] {
  const [base = ''] = name.split('#');
  const found = [name, `${base}.yaml`, `${base}.yml`].find((path) => existsSync(path));
  return found === undefined ? [] : [found];
}

function chosenFrom(scenarios: readonly Scenario[], name: string): Result<Scenario> {
  const fitting = existsSync(name) ? scenarios : scenarios.filter(({ id }) => id === name || id.startsWith(`${name}#`));
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return succeeded(only);
  const known = scenarios.map(({ id }) => id);
  if (only === undefined) return failed('unknown-scenario', `unknown scenario "${name}"${suggest(name, known)}`);
  const variants = fitting.map(({ id }) => `  ${id}`).join('\n');
  return failed('several-variants', `${name} has ${fitting.length} variants; name one of them:\n${variants}`);
}
