import { exitCodes } from '../exit-codes.ts';
import { packageVersion } from '../package-root.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import { colourPaint, plainPaint } from '../../reports/markup/paint.ts';
import type { Diagnosis } from './diagnosis.ts';
import { doctorText } from './doctor-text.ts';
import type { Part, PartState } from './part.ts';
import { parts } from './parts.ts';

/** Looks for every part and prints each missing part with its consequence. Returns exit code 1 if a part that `run` needs is missing. */
export async function doctor(isJson: boolean): Promise<number> {
  // In CI, a software model must not replace a missing part (cli/run/play-planned.ts).
  const isCi = (process.env['CI'] ?? '') !== '';
  const states = await Promise.all(parts().map((part) => stateOf(part, isCi)));
  const diagnosis: Diagnosis = {
    ok: states.every(({ isPresent, isNeeded }) => isPresent || !isNeeded),
    rehearsal: packageVersion(),
    platform: `${process.platform} ${process.arch}`,
    parts: states,
  };
  const paint = isColourWanted(process.stdout) ? colourPaint : plainPaint;
  process.stdout.write(isJson ? `${JSON.stringify(diagnosis, null, 2)}\n` : doctorText(diagnosis, paint));
  return diagnosis.ok ? exitCodes.asExpected : exitCodes.expectationFailed;
}

async function stateOf({ look, ...part }: Part, isCi: boolean): Promise<PartState> {
  const isNeeded = part.use === 'run' || (part.use === 'key-store' && isCi);
  return { ...part, ...(await look()), isNeeded };
}
