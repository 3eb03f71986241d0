import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Run } from '../../core/run/run.ts';
import { explainText } from '../../reports/explain.ts';
import { colourPaint, plainPaint } from '../../reports/markup/paint.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { suggest } from '../../sim/scenario/mistakes/suggest.ts';
import { exitCodes } from '../exit-codes.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import { playScenario } from '../library.ts';
import { loadFiles } from '../files/load-files.ts';
import { readRun } from './read-run.ts';
import { tellMistakes } from '../files/tell-mistakes.ts';

export interface ExplainOptions {
  readonly seed?: string;
  readonly from?: string;
}

/** Plays one scenario, or reads its run, tells it on stdout and returns the exit code. */
export async function explainScenario(name: string, { seed, from }: ExplainOptions): Promise<number> {
  const run = from === undefined ? await play(name, seed) : readRun(dirname(from), basename(from));
  if (typeof run === 'number') return run;
  if (typeof run === 'string') return mistake(run);
  if (from !== undefined && run.id !== name && run.file !== name) {
    return mistake(`${from} is a run of ${run.id}, not of ${name}`);
  }
  process.stdout.write(explainText(run, isColourWanted(process.stdout) ? colourPaint : plainPaint));
  const codes = { pass: exitCodes.asExpected, fail: exitCodes.expectationFailed } as const;
  return run.verdict.kind === 'pass' || run.verdict.kind === 'fail' ? codes[run.verdict.kind] : exitCodes.notShown;
}

async function play(name: string, seed: string | undefined): Promise<Run | string | number> {
  const loaded = loadFiles(fileOf(name));
  if (loaded.mistakes.length > 0) return tellMistakes(loaded);
  const chosen = chosenOf(loaded.scenarios, name);
  return typeof chosen === 'string' ? chosen : playScenario(chosen, seed === undefined ? {} : { seed });
}

/** The file that a name is, or that an ID begins with; none for one among all that there are. */
function fileOf(name: string): readonly string[] {
  const [base = ''] = name.split('#');
  const found = [name, `${base}.yaml`, `${base}.yml`].find((path) => existsSync(path));
  return found === undefined ? [] : [found];
}

function chosenOf(scenarios: readonly Scenario[], name: string): Scenario | string {
  const fitting = existsSync(name) ? scenarios : scenarios.filter(({ id }) => id === name || id.startsWith(`${name}#`));
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  const known = scenarios.map(({ id }) => id);
  if (only === undefined) return `no scenario is called "${name}"${suggest(name, known)}`;
  return `${name} has ${fitting.length} variants; say which:\n${fitting.map(({ id }) => `  ${id}`).join('\n')}`;
}

function mistake(sentence: string): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCodes.mistake;
}
