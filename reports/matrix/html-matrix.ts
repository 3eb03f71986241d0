import { createHash } from 'node:crypto';
import { htmlText } from '../markup/html-text.ts';
import { byAttestation } from './by-attestation.ts';
import { facts, reasonOf } from './facts.ts';
import { heatOf } from './heat.ts';
import { leftOutText } from './left-out-text.ts';
import type { Matrix, MatrixCell } from './matrix-shape.ts';

/** Returns the matrix as one HTML file without scripts or external resources. Links are relative to the report folder. */
export function matrixHtml(matrix: Matrix): string {
  const left = leftOutText(matrix.leftOut);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Decision matrix</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Decision matrix</h1>
<p>All numbers of a row are counted from the history of one run. The name of the attack links to this run. The colour of the radius goes from green (no identity taken over) to dark red (all of them).</p>
${matrix.complete ? '' : '<p><strong>Incomplete</strong>: the run was stopped before its end.</p>\n'}<h2 id="columns">Columns</h2>
<dl>
${facts.map(({ heading, meaning }) => `<dt>${htmlText(heading)}</dt><dd>${htmlText(meaning)}</dd>`).join('\n')}
</dl>
<h2 id="matrix">Matrix</h2>
<div role="region" aria-labelledby="matrix" tabindex="0">
<table>
<caption>${matrix.cells.length} cells, seed ${htmlText(matrix.seed)}</caption>
<thead>
<tr>${['key store', 'factory', 'attack', ...facts.map(({ heading }) => heading)].map((heading) => `<th scope="col">${htmlText(heading)}</th>`).join('')}</tr>
</thead>
${byAttestation(matrix)
  .map(
    ({ heading, cells }) => `<tbody>
<tr><th scope="rowgroup" colspan="${3 + facts.length}"><span>${htmlText(heading)}</span></th></tr>
${cells.map(rowOf).join('\n')}
</tbody>
`,
  )
  .join('')}</table>
</div>
${left.length === 0 ? '' : `<h2 id="left-out">Left out</h2>\n<ul>\n${left.map(({ what, why }) => `<li>${htmlText(what)}: ${htmlText(why)}</li>`).join('\n')}\n</ul>\n`}</main>
</body>
</html>
`;
}

function rowOf(cell: MatrixCell): string {
  const { keyStore, factory, attack, measures, verdict, runFile } = cell;
  const name = htmlText(attack);
  const linked = runFile === null ? name : `<a href="${htmlText(encodeURI(runFile))}">${name}</a>`;
  const place = `<td>${htmlText(keyStore)}</td><td>${htmlText(factory)}</td><th scope="row">${linked}</th>`;
  if (measures === null)
    return `<tr class="${verdict}">${place}<td colspan="${facts.length}"><strong>${htmlText(verdict)}</strong>: ${htmlText(reasonOf(cell))}</td></tr>`;
  const words = facts.map(({ text }) => `<td>${htmlText(text(measures))}</td>`).join('');
  return `<tr class="heat-${heatOf(measures)}">${place}${words}</tr>`;
}

const style = `
:root { color-scheme: light dark; --ink: #1c1e21; --ground: #fbfaf7; --rule: #dedad1; --accent: #0b5a8f; --second: #5a5f66; --good: #1d6b3a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e5e0; --ground: #14171a; --rule: #343a41; --accent: #7fbce8; --second: #a3a9b0; --good: #7ecb98; --bad: #ff9a90; } }
body { max-width: 1640px; margin: 0 auto; padding: 1.5rem; font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; color: var(--ink); background: var(--ground); }
a { color: var(--accent); }
[role="region"] { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; padding: .3rem 0; color: var(--second); }
th, td { border-bottom: 1px solid var(--rule); padding: .3rem .7rem; text-align: left; font-weight: normal; white-space: nowrap; }
thead th { color: var(--second); }
th[scope="rowgroup"] { font-weight: bold; padding-top: 1.2rem; white-space: normal; }
th[scope="rowgroup"] span { position: sticky; left: 0; display: inline-block; max-width: calc(100vw - 4rem); }
[class^="heat"] td:nth-of-type(3) { font-weight: 600; background: color-mix(in srgb, var(--heat) var(--share), var(--ground)); }
.heat-0 { --heat: var(--good); --share: 16%; }
.heat-1 { --heat: var(--bad); --share: 10%; }
.heat-2 { --heat: var(--bad); --share: 20%; }
.heat-3 { --heat: var(--bad); --share: 32%; }
.heat-4 { --heat: var(--bad); --share: 45%; }
dl { display: grid; grid-template-columns: max-content minmax(0, 72ch); gap: .2rem 1rem; }
dt { font-weight: bold; }
dd { margin: 0; }
@media (max-width: 600px) { dl { grid-template-columns: minmax(0, 1fr); } }
`;

const styleHash = createHash('sha256').update(style).digest('base64');
