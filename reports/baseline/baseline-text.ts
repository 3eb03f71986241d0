import { defined } from '../../core/defined.ts';
import type { Baseline, BaselineEntry } from './baseline-shape.ts';

/**
 * Returns the text of a baseline file, sorted by scenario. Each outcome has its own line, so that a changed outcome is one changed line in
 * a review.
 *
 * @param withTimes adds real milliseconds, rounded to two digits to hide noise.
 */
export function baselineText({ scenarios }: Baseline, withTimes: boolean): string {
  const ids = Object.keys(scenarios).toSorted((one, other) => (one < other ? -1 : 1));
  const entries = ids.map((id) => {
    const entry = scenarios[id];
    return entry === undefined ? '' : `    ${JSON.stringify(id)}: ${entryText(entry, withTimes)}`;
  });
  return `{\n  "baseline": 1,\n  "scenarios": {\n${entries.join(',\n')}\n  }\n}\n`;
}

function entryText({ verdict, variant, row, wallMs, covers, outcomes }: BaselineEntry, withTimes: boolean): string {
  const rounded = withTimes && wallMs !== undefined ? Number(wallMs.toPrecision(2)) : undefined;
  const head = { verdict, ...defined({ variant, row, wallMs: rounded, covers }) };
  const words = Object.entries(head).map(([word, value]) => `      ${JSON.stringify(word)}: ${JSON.stringify(value)}`);
  const lines = outcomes.map(({ why: _why, ...outcome }) => `        ${JSON.stringify(outcome)}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n      ]`;
  return `{\n${[...words, `      "outcomes": ${list}`].join(',\n')}\n    }`;
}
