import type { Report } from './define-report.ts';
import { githubReport } from './ci/github.ts';
import { guideReport } from './guide.ts';
import { htmlReport } from './html/html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import { sarifReport } from './ci/sarif.ts';
import { terminalReport } from './terminal.ts';
import { dotReport } from './text/dot.ts';
import { filesReport } from './text/files.ts';
import { lineReport } from './text/line.ts';
import { listReport } from './text/list.ts';
import { quietReport } from './text/quiet.ts';

/**
 * The reports that `--reporter` and `--as` offer, by name. The first report is the default of `--as`. A new report needs one file and one
 * line here.
 */
export const reports = [
  terminalReport,
  jsonReport,
  junitReport,
  githubReport,
  markdownReport,
  sarifReport,
  guideReport,
  htmlReport,
  listReport,
  lineReport,
  filesReport,
  dotReport,
  quietReport,
] as const satisfies readonly Report[];
