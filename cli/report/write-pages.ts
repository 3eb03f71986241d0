import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '../../core/defined.ts';
import { attacksMarkdown } from '../../reports/attacks.ts';
import type { View } from '../../reports/define-report.ts';
import { guideMarkdown } from '../../reports/guide.ts';
import type { PageRuns } from '../../reports/html/page-runs.ts';
import { reportPage } from '../../reports/html/report-page.ts';
import type { Playback } from '../../reports/playback.ts';
import type { ReportFolder } from './report-folder.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/**
 * Writes report.html, the guide and the page of attacks. report.html has a link to conformance.html if `rehearse conform` wrote that file
 * into the folder. A run with a disabled check writes only report.html.
 * @param runs runs that were added when they ended. Default: none.
 */
export function writePages(folder: ReportFolder, playback: Playback, view: View, runs?: PageRuns): void {
  const conformancePage = existsSync(join(folder.path, 'conformance.html')) ? 'conformance.html' : undefined;
  writeAtomically(folder.page, reportPage(playback, { ...view, ...defined({ conformancePage }) }, runs));
  if (playback.sabotage !== undefined) return;
  writeAtomically(folder.guide, guideMarkdown(playback));
  writeAtomically(folder.attacks, attacksMarkdown(playback));
}
