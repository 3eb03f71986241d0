import type { StepKind } from '../../steps/define-step.ts';
import { wordsAt } from '../editor/schema-at.ts';

/**
 * Returns the words of a timeline entry that belong into its step: they are neither steps nor words beside a step, but words of the known
 * step.
 */
export function misplacedWords(words: readonly string[], kind: StepKind, names: readonly string[]): readonly string[] {
  const own = wordsAt(kind.args, []);
  return words.filter((word) => !names.includes(word) && own.includes(word));
}

/**
 * Tells the user to write words into the step, and shows how.
 * @param value value of the step. @param written the misplaced words with their values; undefined if the value comes from the matrix.
 */
export function misplacedSentence(kind: StepKind, value: unknown, written: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(written).map((word) => `\`${word}\``);
  const last = names.pop() ?? '';
  const subject = names.length === 0 ? `${last} is a word` : `${names.join(', ')} and ${last} are words`;
  const inside = isMap(value) ? value : value === null || value === undefined ? {} : { [kind.shorthand]: value };
  const pairs = Object.entries({ ...inside, ...written }).map(([word, one]) => `${word}: ${short(one)}`);
  return `${subject} of ${kind.name}; write \`${kind.name}: { ${pairs.join(', ')} }\``;
}

/** Tells the user to write a word beside the step. */
export function insideSentence(word: string, step: string): string {
  return `\`${word}\` is not a word of ${step}, but belongs beside it; write \`${word}:\` on a separate line, with the same indentation as \`${step}\``;
}

/** Returns a value as it is written inside `{ … }` in YAML. Long values and values with an inner structure become `…`. */
function short(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value.length > 60) return '…';
  return /^[A-Za-z][\w./-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
