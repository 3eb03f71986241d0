import { createHash } from 'node:crypto';
import { htmlText } from '../markup/html-text.ts';
import { byAttestation } from './by-attestation.ts';
import { facts, reasonOf } from './facts.ts';
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
<p>All numbers of a row are counted from the history of one run. The name of the attack links to this run.</p>
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
<tr><th scope="rowgroup" colspan="${3 + facts.length}">${htmlText(heading)}</th></tr>
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
  return `<tr class="${measures.impersonated === 0 ? 'held' : 'reached'}">${place}${words}</tr>`;
}

const style = `
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #ccc; --link: #0645ad; --held: #e3f3e3; --reached: #fdeeda; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #161616; --line: #444; --link: #8ab4f8; --held: #17321a; --reached: #3a2a12; } }
body { margin: 2rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
a { color: var(--link); }
[role="region"] { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; padding: .3rem 0; }
th, td { border: 1px solid var(--line); padding: .25rem .6rem; text-align: left; font-weight: normal; white-space: nowrap; }
thead th, th[scope="rowgroup"] { font-weight: bold; }
.held td { background: var(--held); }
.reached td { background: var(--reached); }
dt { font-weight: bold; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');
