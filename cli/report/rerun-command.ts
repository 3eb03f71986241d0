import type { Playback } from '../../reports/playback.ts';
import { ownCommand } from '../process/own-command.ts';
import { pathWord } from '../process/path-word.ts';
import { shellCommand } from '../process/shell-command.ts';

/** The parts of a run that `rehearse run` needs to repeat it with the same results. */
type Rerun = Pick<Playback, 'seed' | 'sabotage' | 'shard'> & {
  readonly selection: NonNullable<Playback['selection']>;
  readonly allowsPrograms: boolean;
};

/** Returns the command that repeats a whole run. */
export function rerunCommand({ selection: { paths, grep }, shard, seed, sabotage, allowsPrograms }: Rerun): string {
  return shellCommand([
    ...ownCommand(),
    'run',
    ...paths.map(pathWord),
    ...(grep === null ? [] : ['--grep', grep]),
    ...(shard === undefined ? [] : ['--shard', shard]),
    '--seed',
    seed,
    ...(sabotage === undefined ? [] : ['--sabotage', sabotage]),
    ...(allowsPrograms ? ['--allow-programs'] : []),
  ]);
}
