import { parse } from 'yaml';
import { defined } from '../../core/defined.ts';
import type { Checked, StudioChoice } from '../../reports/html/studio-api.ts';
import { choicesIn } from '../../sim/scenario/editor/choices.ts';
import type { Step } from '../../sim/scenario/read-timeline.ts';
import { loadText, vocabulary } from '../files/load-files.ts';
import { scenarioSummary } from './scenario-files.ts';

/** Returns the mistakes in the text of a scenario file. If it has none, returns its variants and the choices in one variant. */
export function checkText(file: string, text: string, id: string | undefined): Checked {
  const loaded = loadText(file, text);
  if (!loaded.ok) {
    const mistakes = loaded.mistakes.map(({ line, column, message }) => ({ line, column, message }));
    return { mistakes, scenarios: [], steps: [], choices: [] };
  }
  const { scenarios } = loaded;
  const place = Math.max(
    0,
    scenarios.findIndex((one) => one.id === id),
  );
  const chosen = scenarios[place];
  const { story, teaches } = chosen ?? {};
  return {
    mistakes: [],
    scenarios: scenarios.map(scenarioSummary),
    steps: (chosen?.timeline ?? []).map((step) => ({
      index: step.index,
      name: step.name,
      line: step.line,
      subject: subjectOf(step),
      ...defined({ after: step.after }),
    })),
    choices: choicesOf(text, place),
    ...defined({ story, teaches }),
  };
}

/** Returns the choices that differ between two texts, such as `devices sensor keyStore: hsm`. */
export function changedIn(before: string, after: string, variant: number): readonly string[] {
  if (before === after) return [];
  if (!loadText('', before).ok) return ['the text'];
  const was = new Map(choicesOf(before, variant).map((choice) => [choice.path.join('\n'), choice]));
  const changed = choicesOf(after, variant).filter(
    ({ path, value }) => JSON.stringify(was.get(path.join('\n'))?.value) !== JSON.stringify(value),
  );
  const sentences = changed.map(
    ({ group, word, value }) => `${group} ${word}: ${value === null ? 'none' : String(value)}`,
  );
  return sentences.length === 0 ? ['the text'] : sentences;
}

/**
 * Returns the name of the argument that a step receives if its value is not an object, such as `device` in `power-on: sensor`. The path may
 * also lead to a step value in the matrix.
 */
export function shorthandAt(text: string, path: readonly (string | number)[]): string {
  const [root, index, word] = path;
  const name = root === 'timeline' ? word : root === 'matrix' ? stepAt(text, Number(index), path) : undefined;
  return vocabulary().steps.find((kind) => kind.name === name)?.shorthand ?? 'device';
}

/** Returns the name of the step that a value in the matrix belongs to. */
function stepAt(text: string, variant: number, path: readonly (string | number)[]): string | undefined {
  const there = path.join('\n');
  const group = choicesOf(text, variant).find((choice) => choice.path.join('\n') === there)?.group;
  return /^timeline \d+ (\S+)/.exec(group ?? '')?.[1];
}

function choicesOf(text: string, variant: number): readonly StudioChoice[] {
  let tree: unknown;
  try {
    // The text was checked before, so no key occurs twice.
    tree = parse(text, { uniqueKeys: false });
  } catch {
    return [];
  }
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree)
    ? choicesIn(tree as Readonly<Record<string, unknown>>, variant, vocabulary().steps)
    : [];
}

function subjectOf({ args }: Step): string {
  const subject = ['device', 'ca', 'group', 'station', 'name', 'policy'].map((word) => args[word]);
  return subject.find((one) => typeof one === 'string') ?? '';
}
