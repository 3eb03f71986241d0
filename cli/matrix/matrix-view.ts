import { ownCommand } from '../process/own-command.ts';
import { relative } from 'node:path';
import type { View } from '../../reports/define-report.ts';
import { codeFramesOf } from '../../sim/scenario/mistakes/code-frame.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import type { Plan } from '../run/plan.ts';
import type { ReportFolder } from '../report/report-folder.ts';
import { shellCommand } from '../process/shell-command.ts';

/**
 * Returns the settings of the reports of a matrix. A cell has no scenario file, so `rehearse matrix` with the values of the cell is the
 * command that repeats the run.
 */
export function matrixView(plan: Plan, folder: ReportFolder, page: string): View {
  return {
    colour: isColourWanted(process.stdout),
    codeFrame: codeFramesOf(plan.texts),
    replayCommand: (run) => {
      const seed = ['--seed', run?.seed ?? plan.seed];
      if (run === undefined) return shellCommand([...ownCommand(), 'matrix', ...seed]);
      const [, attestation = '', keyStore = '', factory = '', attack = ''] = run.id.split('/');
      const cell = ['--attestation', attestation, '--key-store', keyStore, '--factory', factory, '--attack', attack];
      return shellCommand([...ownCommand(), 'matrix', ...cell, ...seed]);
    },
    reportFolder: relative('', folder.path) || '.',
    page,
  };
}
