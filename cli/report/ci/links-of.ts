import { relative, resolve, sep } from 'node:path';
import { defined } from '../../../core/defined.ts';
import type { ReportLinks } from '../../../reports/ci/report-links.ts';

/**
 * Returns the addresses of the report and of lines in scenario files. If `reportUrl` is omitted, the address of the report is that of the
 * workflow run in GitHub Actions. Returns undefined if neither address is known.
 *
 * @param reportUrl value of `--report-url`: address of report.html, or of a page that leads to it.
 */
export function linksOf(reportUrl: string | undefined, env: NodeJS.ProcessEnv = process.env): ReportLinks | undefined {
  const repository = repositoryUrl(env);
  const runId = env['GITHUB_RUN_ID'];
  const job =
    repository === undefined || !runId ? undefined : `${repository}/actions/runs/${encodeURIComponent(runId)}`;
  const commit = env['GITHUB_SHA'] === '' ? undefined : env['GITHUB_SHA'];
  const report = reportUrl ?? job;
  if (report === undefined && repository === undefined) return undefined;
  return {
    ...defined({ report, commit: repository === undefined ? undefined : commit }),
    scenario: (id) => {
      if (reportUrl === undefined || !/(\/|\.html)$/.test(new URL(reportUrl).pathname)) return undefined;
      return `${reportUrl.split('#', 1)[0]}#scenario/${encodeURIComponent(id)}`;
    },
    line: (file, line) => {
      const path = pathInRepository(file, env['GITHUB_WORKSPACE']);
      if (repository === undefined || commit === undefined || path === undefined) return undefined;
      return `${repository}/blob/${encodeURIComponent(commit)}/${path}#L${line}`;
    },
  };
}

/** Returns the address of the repository in GitHub Actions. */
function repositoryUrl({
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: repository,
}: NodeJS.ProcessEnv): string | undefined {
  if (!server || !repository || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return undefined;
  return URL.canParse(server) ? `${server.replace(/\/$/, '')}/${repository}` : undefined;
}

/** Returns a path below the checkout, encoded for an address. */
function pathInRepository(file: string, workspace: string | undefined): string | undefined {
  const path = relative(workspace === undefined || workspace === '' ? '' : workspace, resolve(file)).split(sep);
  return path[0] === '..' || path[0] === '' ? undefined : path.map(encodeURIComponent).join('/');
}
