import type { ConformanceReport, StatementResult } from '../../core/conformance/conformance-result.ts';
import { htmlText } from '../markup/html-text.ts';
import { groupsOf, scoreOf } from './score.ts';

/**
 * Returns an HTML page with the results, without scripts and external resources.
 * @param isBesideReport true if a report.html is in the same folder; the page then links to it.
 */
export function conformanceHtml(report: ConformanceReport, isBesideReport = false): string {
  const { passed, counted } = scoreOf(report.results);
  const title = `DPS conformance of ${report.client}`;
  const groups = groupsOf(report).map(
    ({ title: name, results, score }) =>
      `<section><h2>${htmlText(name)} <small>${score.passed} of ${score.counted} passed</small></h2>\n${results.map(resultHtml).join('\n')}\n</section>`,
  );
  const worlds = report.worlds.map(
    ({ id, title: what, tookMs, end }) =>
      `<tr><td><code>${htmlText(id)}</code></td><td>${htmlText(what)}</td><td>${(tookMs / 1000).toFixed(1)} s</td><td>${htmlText(end)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${htmlText(title)}</title><style>${style}</style></head><body><main>
${isBesideReport ? '<nav aria-label="Pages"><a href="report.html">Report of the scenarios</a></nav>\n' : ''}<h1>${htmlText(title)}</h1>
<p>${passed} of ${counted} statements passed · ${htmlText(report.at)} · rehearse ${htmlText(report.version)}${report.without.length === 0 ? '' : ` · capabilities that the client lacks: ${htmlText(report.without.join(', '))}`}</p>
${failuresHtml(report.results)}${groups.join('\n')}
<section><h2>Worlds</h2><div class="wide"><table><thead><tr><th>world</th><th>set-up</th><th>duration</th><th>end</th></tr></thead><tbody>
${worlds.join('\n')}
</tbody></table></div></section>
</main></body></html>
`;
}

/** Returns a list of the failed conformance statements with links; empty if no statement failed. */
function failuresHtml(results: readonly StatementResult[]): string {
  const failed = results.filter(({ verdict }) => verdict === 'fail');
  if (failed.length === 0) return '';
  const items = failed.map(
    ({ id, statement, actual }) => `<li><a href="#${id}">${id}</a> ${codeHtml(statement)}<br>${htmlText(actual)}</li>`,
  );
  const heading = failed.length === 1 ? '1 statement failed' : `${failed.length} statements failed`;
  return `<section class="failures"><h2>${heading}</h2><ul>${items.join('')}</ul></section>\n`;
}

/** Returns a text as HTML, in which the parts between backticks are code. */
function codeHtml(text: string): string {
  return htmlText(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function resultHtml({
  id,
  level,
  statement,
  source,
  verdict,
  expected,
  actual,
  world,
  evidence,
}: StatementResult): string {
  const isOpen = verdict === 'fail' ? ' open' : '';
  const rows = [
    ...(expected === undefined ? [] : [['expected', expected]]),
    ['actual', actual],
    ['source', source],
    ...(world === undefined ? [] : [['world', world]]),
  ].map(([name = '', value = '']) => `<dt>${name}</dt><dd>${htmlText(value)}</dd>`);
  const lines = evidence.map((line) => htmlText(line)).join('\n');
  return `<details id="${id}"${isOpen}><summary><b class="${verdict.replace(' ', '-')}">${verdict}</b> <code>${id}</code> ${level.toUpperCase()}: ${codeHtml(statement)}</summary><dl>${rows.join('')}</dl>${lines === '' ? '' : `<pre>${lines}</pre>`}</details>`;
}

const style = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0}main{max-width:70rem;margin:auto;padding:1rem;overflow-wrap:anywhere}
.failures{border:1px solid;border-left:4px solid light-dark(#a3160e,#ff8a80);border-radius:6px;padding:0 1rem}.wide{overflow-x:auto}
small{font-weight:400}summary{cursor:pointer;padding:.2rem 0}b{display:inline-block;min-width:min(7.5rem,22vw)}.pass{color:light-dark(#176b30,#5fd083)}
.fail{color:light-dark(#a3160e,#ff8a80)}dl{display:grid;grid-template-columns:6rem 1fr;margin:.3rem 0 .3rem 1rem}dd{margin:0}
pre{overflow-x:auto;padding:.5rem;border:1px solid}table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .6rem;border-bottom:1px solid}`;
