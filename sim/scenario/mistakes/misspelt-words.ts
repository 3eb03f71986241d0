import type { StepKind } from '../../steps/define-step.ts';
import { headSchema } from '../schema.ts';
import { nearWords, suggest } from './suggest.ts';

/** The keys that a timeline entry may have in addition to the key of its step. */
export const wordsBeside = ['after', 'at', 'expect'];

/** Describes an unknown key in a timeline entry. If the entry has a known step, the author probably meant `after`, `at` or `expect`. */
export function unknownStepWord(word: string, names: readonly string[], step: string | undefined): string {
  const beside = step === undefined ? '' : suggest(word, wordsBeside);
  if (beside !== '') return `unknown word "${word}" beside ${step}${beside} \`rehearse list beside\` shows all`;
  return `unknown step "${word}"${suggest(word, [...names, ...wordsBeside]) || ';'} \`rehearse list steps\` shows all`;
}

/** Returns true if `expect` is misspelt. Another check then reports the unknown key. */
export function isExpectMisspelt(entry: Readonly<Record<string, unknown>>, kinds: readonly StepKind[]): boolean {
  return Object.keys(entry).some(
    (word) => !kinds.some(({ name }) => name === word) && nearWords(word, wordsBeside)[0] === 'expect',
  );
}

/** Returns true if an unknown top-level key is probably a misspelt `word`. Another check then reports the unknown key. */
export function isMisspelt(word: string, tree: Readonly<Record<string, unknown>>): boolean {
  const known = [...Object.keys(headSchema.shape), word];
  return Object.keys(tree).some((each) => !known.includes(each) && nearWords(each, known)[0] === word);
}
