import { type Failure, type Result, succeeded } from '../../core/result.ts';
import { systemClock } from '../../core/time/clock.ts';
import { loadLab, type Lab } from '../../sim/lab/load.ts';
import { sizeLimit } from '../../sim/scenario/load.ts';
import { readText } from '../files/read-text.ts';
import type { LoadedFiles } from '../files/load-files.ts';
import { forwardSlashes } from '../../core/forward-slashes.ts';

/** The mistakes in a lab file. */
interface LabFailure extends Failure {
  readonly loaded: LoadedFiles;
}

/** Reads a lab file. If `file` is omitted, returns a lab with one enrollment group, which has a symmetric key. */
export function readLab(file: string | undefined): Result<Lab, LabFailure> {
  const name = forwardSlashes(file ?? 'the lab that rehearse ships');
  const text = file === undefined ? succeeded(firstLab) : readText(file, sizeLimit);
  if (!text.ok) {
    const { line, column, sentence, shown } = text.failure;
    return mistakesIn([{ file: name, line, column, message: sentence }], shown === undefined ? {} : { [name]: shown });
  }
  const loaded = loadLab(name, text.value, systemClock.now());
  return loaded.ok ? succeeded(loaded.lab) : mistakesIn(loaded.mistakes, { [name]: text.value });
}

function mistakesIn(mistakes: LoadedFiles['mistakes'], texts: LoadedFiles['texts']): Result<never, LabFailure> {
  const sentence = mistakes.map(({ message }) => message).join('; ');
  return { ok: false, failure: { code: 'mistakes', sentence, loaded: { scenarios: [], mistakes, texts } } };
}

const firstLab = 'cloud: { enrollmentGroups: { devices: { symmetricKey: true } } }';
