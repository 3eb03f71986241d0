import { ownCommand } from '../process/own-command.ts';
import { relative } from 'node:path';
import type { CheckId } from '../../core/checks.ts';
import type { View } from '../../reports/define-report.ts';
import { codeFramesOf } from '../../sim/scenario/mistakes/code-frame.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import type { Grep } from '../option-words.ts';
import type { Plan } from '../run/plan.ts';
import type { ReportFolder } from './report-folder.ts';
import { replayOf } from '../run/replay-of.ts';
import { shellCommand } from '../process/shell-command.ts';

/** Returns the settings of the reports of a run, such as colour and the command that repeats it. */
export function viewOf(
  plan: Plan,
  folder: ReportFolder,
  paths: readonly string[],
  options: { readonly grep?: Grep; readonly sabotage?: CheckId },
  page: string,
): View {
  const sabotage = options.sabotage === undefined ? [] : ['--sabotage', options.sabotage];
  const grep = options.grep === undefined ? [] : ['--grep', options.grep.text];
  return {
    colour: isColourWanted(process.stdout),
    codeFrame: codeFramesOf(plan.texts),
    replayCommand: (run) => {
      if (run === undefined)
        return shellCommand([...ownCommand(), 'run', ...paths, ...grep, '--seed', plan.seed, ...sabotage]);
      return shellCommand(replayOf(run));
    },
    reportFolder: relative('', folder.path) || '.',
    page,
  };
}
