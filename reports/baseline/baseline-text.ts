import { defined } from '../../core/defined.ts';
import type { Baseline, BaselineEntry } from './baseline-shape.ts';

/**
 * Text of a baseline file, for review: sorted by scenario, one line for each device, so that a difference of one outcome is a
 * difference of one line.
 *
 * @param withTimes keeps real milliseconds too, rounded to two digits so that noise does not show.
 */
export function baselineText({ scenarios }: Baseline, withTimes: boolean): string {
  const ids = Object.keys(scenarios).toSorted((one, other) => (one < other ? -1 : 1));
  const entries = ids.map((id) => {
    const entry = scenarios[id];
    return entry === undefined ? '' : `    ${JSON.stringify(id)}: ${entryText(entry, withTimes)}`;
  });
  return `{\n  "baseline": 1,\n  "scenarios": {\n${entries.join(',\n')}\n  }\n}\n`;
}

function entryText({ verdict, wallMs, covers, outcomes }: BaselineEntry, withTimes: boolean): string {
  const head = {
    verdict,
    ...(withTimes && wallMs !== undefined ? { wallMs: Number(wallMs.toPrecision(2)) } : {}),
    ...defined({ covers }),
  };
  const words = Object.entries(head).map(([word, value]) => `      ${JSON.stringify(word)}: ${JSON.stringify(value)}`);
  const lines = outcomes.map((outcome) => `        ${JSON.stringify(outcome)}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n      ]`;
  return `{\n${[...words, `      "outcomes": ${list}`].join(',\n')}\n    }`;
}
