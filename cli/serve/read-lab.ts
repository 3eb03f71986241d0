import { systemClock } from '../../core/time/clock.ts';
import { loadLab, type Lab } from '../../sim/lab/load.ts';
import { sizeLimit } from '../../sim/scenario/load.ts';
import { readText } from '../files/read-text.ts';
import { tellMistakes } from '../files/tell-mistakes.ts';

/** The lab in a file, or one with a group of symmetric keys where there is none. Returns the exit code after mistakes. */
export function readLab(file: string | undefined): Lab | number {
  const name = (file ?? 'the lab that rehearse ships').replaceAll('\\', '/');
  const text = file === undefined ? firstLab : readText(file, sizeLimit);
  if (typeof text !== 'string') {
    const { line, column, message, shown } = text;
    const texts = shown === undefined ? {} : { [name]: shown };
    return tellMistakes({ scenarios: [], mistakes: [{ file: name, line, column, message }], texts });
  }
  const loaded = loadLab(name, text, systemClock.now());
  return loaded.ok ? loaded.lab : tellMistakes({ scenarios: [], mistakes: loaded.mistakes, texts: { [name]: text } });
}

const firstLab = 'cloud: { enrollmentGroups: { devices: { symmetricKey: true } } }';
