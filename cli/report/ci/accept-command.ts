import { ownCommand } from '../../process/own-command.ts';
import { pathWord } from '../../process/path-word.ts';
import { shellCommand } from '../../process/shell-command.ts';

/** The options of a comparison with a baseline, and the paths of the run. */
interface Compared {
  readonly baseline?: string | undefined;
  readonly slowerThan?: number | undefined;
  /** Paths of the whole suite. Undefined if they are unknown, because `--grep` selected the scenarios. */
  readonly paths: readonly string[] | undefined;
}

/** Returns the command that writes the results of the whole suite as the new baseline; undefined without a baseline. */
export function acceptCommand({ baseline, slowerThan, paths }: Compared): string | undefined {
  if (baseline === undefined || paths === undefined) return undefined;
  const times = slowerThan === undefined ? [] : ['--slower-than', String(slowerThan)];
  return shellCommand([
    ...ownCommand(),
    'run',
    ...paths.map(pathWord),
    '--baseline',
    baseline,
    '--update-baseline',
    ...times,
  ]);
}
