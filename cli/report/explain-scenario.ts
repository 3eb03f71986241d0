import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { defined } from '../../core/defined.ts';
import type { Run } from '../../core/run/run.ts';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { explainText } from '../../reports/text/explain.ts';
import { colourPaint, plainPaint } from '../../reports/markup/paint.ts';
import type { Scenario } from '../../sim/scenario/load.ts';
import { exitCodes } from '../exit-codes.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import { playScenario } from '../library.ts';
import { asId, chosenPath } from '../files/chosen-path.ts';
import { idsIn, loadFiles } from '../files/load-files.ts';
import { nearScenarios } from '../files/near-scenarios.ts';
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
    if (asId(name) !== id && asId(name) !== asId(file)) return mistake(`${from} is a run of ${id}, not of ${name}`);
    return explain(read.value);
  }
  const isFile = existsSync(chosenPath(name).path);
  const loaded = loadFiles(isFile ? [name] : []);
  if (loaded.mistakes.length > 0) return tellMistakes(loaded);
  const chosen = chosenFrom(loaded.scenarios, name, isFile);
  if (!chosen.ok) return mistake(chosen.failure.sentence);
  return explain(await playScenario(chosen.value, defined({ seed, allowPrograms })));
}

function explain(run: Run): number {
  process.stdout.write(explainText(run, isColourWanted(process.stdout) ? colourPaint : plainPaint));
  const codes = { pass: exitCodes.asExpected, fail: exitCodes.expectationFailed } as const;
  return run.verdict.kind === 'pass' || run.verdict.kind === 'fail' ? codes[run.verdict.kind] : exitCodes.inconclusive;
}

/** @param isFile true if `name` is a path, so that all loaded scenarios fit. */
function chosenFrom(scenarios: readonly Scenario[], name: string, isFile: boolean): Result<Scenario> {
  const wanted = asId(name);
  const fitting = isFile ? scenarios : scenarios.filter(({ id }) => id === wanted || id.startsWith(`${wanted}#`));
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return succeeded(only);
  const known = scenarios.map(({ id }) => id);
  if (only === undefined) {
    const near = nearScenarios(name, idsIn, known) || '; `rehearse list scenarios` shows all';
    return failed('unknown-scenario', `unknown scenario "${name}"${near}`);
  }
  const variants = fitting.map(({ id }) => `  ${id}`).join('\n');
  return failed('several-variants', `${name} has ${fitting.length} variants; name one of them:\n${variants}`);
}
