import type { Report } from './define-report.ts';
import { githubReport } from './github.ts';
import { guideReport } from './guide.ts';
import { htmlReport } from './html/html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import { terminalReport } from './terminal.ts';

/** The reports that `--reporter` offers, by name; the first is the default. A new report needs one file and one line here. */
export const reports = [
  terminalReport,
  jsonReport,
  junitReport,
  githubReport,
  markdownReport,
  guideReport,
  htmlReport,
] as const satisfies readonly Report[];
