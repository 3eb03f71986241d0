import { ownCommand } from '../process/own-command.ts';
import { pathWord } from '../process/path-word.ts';
import { idsPattern } from './ids-pattern.ts';
import type { Run } from '../../core/run/run.ts';

/** Returns the arguments of the command that repeats a run. */
export function replayOf(
  run: Pick<Run, 'id' | 'file' | 'variant' | 'seed' | 'sabotage' | 'startsPrograms'>,
): readonly string[] {
  const only = run.variant === '' ? [] : ['--grep', idsPattern([run.id])];
  const sabotage = run.sabotage === undefined ? [] : ['--sabotage', run.sabotage];
  const programs = run.startsPrograms === true ? ['--allow-programs'] : [];
  return [...ownCommand(), 'run', pathWord(run.file), ...only, '--seed', run.seed, ...sabotage, ...programs];
}
