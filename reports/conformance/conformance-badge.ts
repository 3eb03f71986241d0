import type { ConformanceReport } from '../../core/conformance/conformance-result.ts';
import { scoreOf } from './score.ts';

/** Returns a badge as SVG: `DPS conformance | 58 of 60`. The badge is red if a conformance statement of level `must` failed. */
export function conformanceBadge(report: ConformanceReport): string {
  const { passed, counted, failedMust, failedShould } = scoreOf(report.results);
  const [name, value] = ['DPS conformance', `${passed} of ${counted}`];
  const colour = failedMust > 0 ? '#b42318' : failedShould > 0 ? '#8a6100' : '#1a7f37';
  const [left, right] = [name.length * letterWidth + 12, value.length * letterWidth + 12];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${name}: ${value}">`,
    `<title>${name}: ${value}</title>`,
    `<rect width="${left}" height="20" fill="#444"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${colour}"/>`,
    text(6, name),
    text(left + 6, value),
    '</svg>',
    '',
  ].join('\n');
}

/** Average width of a letter at 11 pixels. */
const letterWidth = 7;

function text(x: number, words: string): string {
  return `<text x="${x}" y="14" fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${words}</text>`;
}
