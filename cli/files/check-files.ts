import { exitCodes } from '../exit-codes.ts';
import { loadFiles } from './load-files.ts';
import { counted } from '../../reports/markup/counted.ts';
import { tellMistakes } from './tell-mistakes.ts';

/** Reads the scenario files below the paths without running the scenarios, prints all mistakes, and returns the exit code. */
export function checkFiles(paths: readonly string[], isJson: boolean): number {
  const loaded = loadFiles(paths);
  const ok = loaded.mistakes.length === 0;
  const files = Object.keys(loaded.texts).length;
  if (isJson) {
    const summary = { ok, files, scenarios: loaded.scenarios.length, mistakes: loaded.mistakes };
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return ok ? exitCodes.asExpected : exitCodes.mistake;
  }
  if (!ok) return tellMistakes(loaded);
  process.stdout.write(
    `no mistakes in ${counted(files, 'file')} with ${counted(loaded.scenarios.length, 'scenario')}\n`,
  );
  return exitCodes.asExpected;
}
