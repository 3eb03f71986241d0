import type { Argument, Option } from 'commander';
import { checks } from '../../core/checks.ts';
import { reports } from '../../reports/index.ts';
import { loadFiles } from '../files/load-files.ts';
import { lookAt } from '../files/look-at.ts';
import type { Candidate, Completion, PathKind } from './completion.ts';

/**
 * Returns the values of an option or argument: its choices, or values of the kind that its placeholder names, such as `<file>`.
 *
 * @param typed the beginning of the value. If the value is a list, each candidate begins with the list items that are complete.
 */
export function valuesOf(taker: Option | Argument, typed: string): Completion {
  const name = placeholderOf(taker);
  // A path follows `junit:` in the value of `--reporter`.
  if (name === 'names' && typed.includes(':')) return { candidates: [], paths: 'files' };
  const words = taker.argChoices?.map((word) => ({ word, description: '' })) ?? lists[name]?.() ?? [];
  const isList = name === 'names' || name === 'choices';
  const before = isList ? typed.slice(0, typed.lastIndexOf(',') + 1) : '';
  if (name === 'scenario' && typed.includes('#')) return { candidates: variantsOf(typed), paths: 'none' };
  const candidates = words.map(({ word, description }) => ({ word: `${before}${word}`, description }));
  return { candidates: candidates.filter(({ word }) => word.startsWith(typed)), paths: paths[name] ?? 'none' };
}

/** Returns the name in the brackets, such as `file` for `--baseline <file>`. */
function placeholderOf(taker: Option | Argument): string {
  if (!('flags' in taker)) return taker.name();
  const inside = /[<[]([^<>[\]]+)[>\]]/.exec(taker.flags)?.[1] ?? '';
  return inside.endsWith('...') ? inside.slice(0, -3) : inside;
}

const lists: Readonly<Record<string, () => readonly Candidate[]>> = {
  check: () => Object.entries(checks).map(([word, description]) => ({ word, description })),
  names: () => reports.map(({ name, summary }) => ({ word: name, description: summary })),
};

const paths: Readonly<Record<string, PathKind>> = {
  paths: 'yaml',
  scenario: 'yaml',
  'lab.yaml': 'yaml',
  file: 'files',
  run: 'files',
  'run.json': 'files',
  old: 'files',
  new: 'files',
  folder: 'folders',
  folders: 'folders',
};

/** Returns the IDs of the variants in a file: `first#` gives `first#validity-p90d` if there is a `first.yaml`. */
function variantsOf(typed: string): readonly Candidate[] {
  const [stem = ''] = typed.split('#');
  const file = ['.yaml', '.yml'].map((ending) => `${stem}${ending}`).find((path) => lookAt(path)?.isFile() === true);
  if (file === undefined) return [];
  return loadFiles([file])
    .scenarios.filter(({ id }) => id.startsWith(typed))
    .map(({ id, title }) => ({ word: id, description: title }));
}
