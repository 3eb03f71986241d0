import { readFileSync } from 'node:fs';
import { loadLab, type Lab } from '../../sim/lab/load.ts';
import { tellMistakes } from '../tell-mistakes.ts';

/** The lab in a file, or one with a group of symmetric keys where there is none. Returns the exit code after mistakes. */
export function readLab(file: string | undefined): Lab | number {
  const name = (file ?? 'the lab that rehearse ships').replaceAll('\\', '/');
  const text = file === undefined ? firstLab : readText(file);
  if (typeof text !== 'string') {
    const mistake = { file: name, line: 1, column: 1, message: text.message };
    return tellMistakes({ scenarios: [], mistakes: [mistake], texts: {} });
  }
  const loaded = loadLab(name, text);
  return loaded.ok ? loaded.lab : tellMistakes({ scenarios: [], mistakes: loaded.mistakes, texts: { [name]: text } });
}

const firstLab = 'cloud: { enrollmentGroups: { devices: { symmetricKey: true } } }';

function readText(path: string): string | { readonly message: string } {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return { message: `the file cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}
