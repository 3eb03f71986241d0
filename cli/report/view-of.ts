import { relative } from 'node:path';
import { defined } from '../../core/defined.ts';
import type { View } from '../../reports/define-report.ts';
import type { Playback } from '../../reports/playback.ts';
import { codeFramesOf } from '../../sim/scenario/mistakes/code-frame.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import { acceptCommand } from './ci/accept-command.ts';
import { linksOf } from './ci/links-of.ts';
import type { RunOptions } from '../run/run-options.ts';
import type { Plan } from '../run/plan.ts';
import type { ReportFolder } from './report-folder.ts';
import { replayOf } from '../run/replay-of.ts';
import { rerunCommand } from './rerun-command.ts';
import { shellCommand } from '../process/shell-command.ts';

/** The options of a run that its reports depend on. */
type ViewOptions = Pick<RunOptions, 'sabotage' | 'shard' | 'baseline' | 'slowerThan' | 'reportUrl' | 'lastFailed'> & {
  /** The paths that the user gave. */
  readonly paths: readonly string[];
};

/** Returns the settings of the reports of a run, such as colour and the command that repeats it. */
export function viewOf(
  plan: Plan,
  folder: ReportFolder,
  selection: Playback['selection'],
  options: ViewOptions,
  page: string,
): View {
  const { sabotage, shard, reportUrl, lastFailed } = options;
  const paths = lastFailed === true && options.paths.length === 0 ? undefined : options.paths;
  return {
    colour: isColourWanted(process.stdout),
    codeFrame: codeFramesOf(plan.texts),
    replayCommand: (run) => {
      if (run !== undefined) return shellCommand(replayOf(run));
      return selection === undefined
        ? undefined
        : rerunCommand({ selection, seed: plan.seed, sabotage, shard, allowsPrograms: plan.allowPrograms });
    },
    reportFolder: relative('', folder.path) || '.',
    page,
    ...defined({ links: linksOf(reportUrl), acceptCommand: acceptCommand({ ...options, paths }) }),
  };
}
