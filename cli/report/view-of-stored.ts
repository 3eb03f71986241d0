import { defined } from '../../core/defined.ts';
import type { View } from '../../reports/define-report.ts';
import type { Playback } from '../../reports/playback.ts';
import { codeFramesOf } from '../../sim/scenario/mistakes/code-frame.ts';
import { acceptCommand } from './ci/accept-command.ts';
import { linksOf } from './ci/links-of.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import { replayOf } from '../run/replay-of.ts';
import { rerunCommand } from './rerun-command.ts';
import { shellCommand } from '../process/shell-command.ts';

/** The baseline options that change the text of a report. */
interface GateOptionsOfView {
  readonly baseline?: string;
  readonly slowerThan?: number;
  readonly reportUrl?: string;
}

/**
 * Returns the settings of the reports of a recorded run. Lines of scenario files are quoted from the texts that the run recorded, because
 * the files may have changed.
 */
export function viewOfStored(playback: Playback, reportFolder: string, page: string, options: GateOptionsOfView): View {
  const { selection } = playback;
  const texts: Record<string, string> = {};
  for (const { run } of playback.played) if (run.text !== undefined) texts[run.file] = run.text;
  return {
    colour: isColourWanted(process.stdout),
    codeFrame: codeFramesOf(texts),
    replayCommand: (run) => (run === undefined ? rerunOf(playback) : shellCommand(replayOf(run))),
    reportFolder,
    page,
    ...defined({
      links: linksOf(options.reportUrl),
      // If a pattern selected the scenarios, they are only a part of the suite and must not become the baseline.
      acceptCommand: acceptCommand({ ...options, paths: selection?.grep === null ? selection.paths : undefined }),
    }),
  };
}

/** Returns undefined if the arguments of the run are unknown: a command without them could run other scenarios. */
function rerunOf(playback: Playback): string | undefined {
  const { selection, played } = playback;
  const allowsPrograms = played.some(({ run }) => run.startsPrograms === true);
  if (selection !== undefined) return rerunCommand({ ...playback, selection, allowsPrograms });
  const [only] = played;
  return only === undefined || played.length > 1 ? undefined : shellCommand(replayOf(only.run));
}
