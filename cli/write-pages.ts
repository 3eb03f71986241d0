import { attacksMarkdown } from '../reports/attacks.ts';
import { guideMarkdown } from '../reports/guide.ts';
import type { Playback } from '../reports/playback.ts';
import type { ReportFolder } from './report-folder.ts';
import { writeAtomically } from './write-atomically.ts';

/** Writes the guide and the page of attacks. A run in which a check was switched off says nothing of either. */
export function writePages(folder: ReportFolder, playback: Playback): void {
  if (playback.sabotage !== undefined) return;
  writeAtomically(folder.guide, guideMarkdown(playback));
  writeAtomically(folder.attacks, attacksMarkdown(playback));
}
