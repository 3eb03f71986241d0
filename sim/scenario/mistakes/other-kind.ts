import { isMisspelt } from './misspelt-words.ts';

/** The top-level words of a lab file. */
export const labWords = ['title', 'seed', 'pki', 'keys', 'serverNames', 'cloud', 'enrollments'];

/** The words that only a lab file has. */
const onlyInLabs = ['enrollments', 'serverNames'];

/**
 * Returns a sentence if the file is probably a lab file, and the user gave it to a command for scenarios; otherwise undefined. Without this
 * sentence, the user would read only which words the file lacks.
 */
export function labInsteadOfScenario(tree: Readonly<Record<string, unknown>>): string | undefined {
  const words = Object.keys(tree);
  const needed = ['devices', 'timeline'];
  if (needed.some((word) => words.includes(word) || isMisspelt(word, tree))) return undefined;
  if (!words.every((word) => labWords.includes(word))) return undefined;
  if (!words.includes('cloud') && !onlyInLabs.some((word) => words.includes(word))) return undefined;
  return 'this looks like a lab, because it has neither `devices` nor `timeline`; start a lab with `rehearse serve`, or add both words for a scenario';
}

/** The words that only a scenario has, and that an author does not write into a lab by mistake. */
const onlyInScenarios = ['timeline', 'matrix'];

/** Returns the word by which a file is a scenario and not a lab, and a sentence for the user; undefined if it has no such word. */
export function scenarioInsteadOfLab(
  tree: Readonly<Record<string, unknown>>,
): { readonly key: string; readonly message: string } | undefined {
  const key = onlyInScenarios.find((word) => Object.hasOwn(tree, word));
  if (key === undefined) return undefined;
  const message = `this looks like a scenario, because it has \`${key}\`; run a scenario with \`rehearse run\`, or remove \`${key}\` for a lab`;
  return { key, message };
}
