import { relative } from 'node:path';
import type { CheckId } from '../../core/checks.ts';
import type { View } from '../../reports/define-report.ts';
import type { Playback } from '../../reports/playback.ts';
import { codeFramesOf } from '../../sim/scenario/mistakes/code-frame.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import type { Plan } from '../run/plan.ts';
import type { ReportFolder } from './report-folder.ts';
import { replayOf } from '../run/replay-of.ts';
import { rerunCommand } from './rerun-command.ts';
import { shellCommand } from '../process/shell-command.ts';

/** Returns the settings of the reports of a run, such as colour and the command that repeats it. */
export function viewOf(
  plan: Plan,
  folder: ReportFolder,
  selection: Playback['selection'],
  options: { readonly sabotage?: CheckId; readonly shard?: string },
  page: string,
): View {
  const { sabotage, shard } = options;
  return {
    colour: isColourWanted(process.stdout),
    codeFrame: codeFramesOf(plan.texts),
    replayCommand: (run) => {
      if (run !== undefined) return shellCommand(replayOf(run));
      return selection === undefined ? undefined : rerunCommand({ selection, seed: plan.seed, sabotage, shard });
    },
    reportFolder: relative('', folder.path) || '.',
    page,
  };
}
