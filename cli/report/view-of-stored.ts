import type { View } from '../../reports/define-report.ts';
import type { Playback } from '../../reports/playback.ts';
import { codeFramesOf } from '../../sim/scenario/mistakes/code-frame.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import { replayOf } from '../run/replay-of.ts';
import { rerunCommand } from './rerun-command.ts';
import { shellCommand } from '../process/shell-command.ts';

/** Returns the settings of the reports of a recorded run. Lines of scenario files are from the files at the time of the run. */
export function viewOfStored(playback: Playback, reportFolder: string, page: string): View {
  const texts: Record<string, string> = {};
  for (const { run } of playback.played) if (run.text !== undefined) texts[run.file] = run.text;
  return {
    colour: isColourWanted(process.stdout),
    codeFrame: codeFramesOf(texts),
    replayCommand: (run) => (run === undefined ? rerunOf(playback) : shellCommand(replayOf(run))),
    reportFolder,
    page,
  };
}

/** Returns undefined if the arguments of the run are unknown: a command without them could run other scenarios. */
function rerunOf(playback: Playback): string | undefined {
  const { selection, played } = playback;
  if (selection !== undefined) return rerunCommand({ ...playback, selection });
  const [only] = played;
  return only === undefined || played.length > 1 ? undefined : shellCommand(replayOf(only.run));
}
