import { ownCommand } from '../process/own-command.ts';
import type { View } from '../../reports/define-report.ts';
import type { Playback } from '../../reports/playback.ts';
import { codeFramesOf } from '../../sim/scenario/mistakes/code-frame.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import { replayOf } from '../run/replay-of.ts';
import { shellCommand } from '../process/shell-command.ts';

/** Returns the settings of the reports of a recorded run. Lines of scenario files are from the files at the time of the run. */
export function viewOfStored(playback: Playback, reportFolder: string, page: string): View {
  const texts: Record<string, string> = {};
  for (const { run } of playback.played) if (run.text !== undefined) texts[run.file] = run.text;
  return {
    colour: isColourWanted(process.stdout),
    codeFrame: codeFramesOf(texts),
    replayCommand: (run) =>
      run === undefined
        ? shellCommand([...ownCommand(), 'run', ...filesOf(playback), '--seed', playback.seed])
        : shellCommand(replayOf(run)),
    reportFolder,
    page,
  };
}

/** Returns the scenario files for the command that repeats the run; none if there are more than three, so that the command stays short. */
function filesOf({ played }: Playback): readonly string[] {
  const files = [...new Set(played.map(({ run }) => run.file))];
  return files.length > 3 ? [] : files;
}
