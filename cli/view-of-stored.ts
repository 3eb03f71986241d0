import type { View } from '../reports/define-report.ts';
import type { Playback } from '../reports/playback.ts';
import { codeFramesOf } from '../sim/scenario/code-frame.ts';
import { isColourWanted } from './is-colour-wanted.ts';
import { replayOf } from './replay-of.ts';
import { shellCommand } from './shell-command.ts';

/** What reports of a run that was kept may show beside it: the scenario files as they were played. */
export function viewOfStored(playback: Playback, reportFolder: string, page: string): View {
  const texts: Record<string, string> = {};
  for (const { run } of playback.played) if (run.text !== undefined) texts[run.file] = run.text;
  return {
    colour: isColourWanted(process.stdout),
    codeFrame: codeFramesOf(texts),
    replayCommand: (run) =>
      run === undefined
        ? shellCommand(['npx', 'rehearse', 'run', ...filesOf(playback), '--seed', playback.seed])
        : shellCommand(replayOf(run)),
    reportFolder,
    page,
  };
}

/** Of a large suite only the command is told. */
function filesOf({ played }: Playback): readonly string[] {
  const files = [...new Set(played.map(({ run }) => run.file))];
  return files.length > 3 ? [] : files;
}
