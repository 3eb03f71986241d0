import { checks } from '../core/checks.ts';
import { fidelitySwitches } from '../core/cloud/fidelity.ts';
import { signals } from '../core/findings/signals/index.ts';
import { type ChapterId, chapters } from '../core/run/topic.ts';
import type { Schema } from '../reports/words/schema.ts';
import { vocabularyOf } from '../reports/words/vocabulary-of.ts';
import type { WordRow } from '../reports/words/word-rows.ts';
import { labJsonSchema, scenarioJsonSchema } from '../sim/scenario/json-schema.ts';
import type { Subject } from './commands/list.ts';
import { exitCodes } from './exit-codes.ts';
import { loadFiles } from './files/load-files.ts';
import { tellMistakes } from './files/tell-mistakes.ts';
import { attacks } from '../sim/attacks/catalogue.ts';
import { topics } from './files/topics.ts';
import { vocabulary } from './files/load-files.ts';

/** Prints the chosen lists and returns the exit code. */
export function listWords(chosen: readonly Subject[], isJson: boolean): number {
  const loaded = chosen.includes('scenarios') ? loadFiles([]) : { scenarios: [], mistakes: [], texts: {} };
  if (loaded.mistakes.length > 0) return tellMistakes(loaded);
  const words = vocabularyOf(scenarioJsonSchema(vocabulary()));
  const sources: Record<Subject, () => readonly Entry[]> = {
    head: () => words.head.map(wordEntry),
    steps: () =>
      words.steps.map(({ name, summary, expects, words: rows }) => ({
        id: name,
        sentence: summary,
        expects,
        words: rows.map(listedWord),
      })),
    beside: () => words.beside.map(wordEntry),
    expect: () => words.expect.map(wordEntry),
    checks: () => Object.entries(checks).map(([id, sentence]) => ({ id, sentence })),
    topics: () => topics().map(({ id, title, chapter }) => ({ id, sentence: title, chapter })),
    attacks: () => attacks.map(({ id, title }) => ({ id, sentence: title })),
    signals: () => signals.map(({ id, summary }) => ({ id, sentence: summary })),
    fidelity: () =>
      Object.entries(fidelitySwitches).map(([id, { sentence, options }]) => ({
        id,
        sentence: `${sentence} (${options.join(', ')})`,
      })),
    lab: () => vocabularyOf(labJsonSchema() as Schema).head.map(wordEntry),
    scenarios: () =>
      loaded.scenarios.map(({ id, title, variant }) => ({
        id,
        sentence: variant === '' ? title : `${title} (${variant})`,
      })),
  };
  const found = chosen.map((subject) => [subject, sources[subject]()] as const);
  process.stdout.write(
    isJson ? `${JSON.stringify(Object.fromEntries(found), null, 2)}\n` : found.map(section).join('\n'),
  );
  return exitCodes.asExpected;
}

/** One line of a list. */
interface Entry {
  readonly id: string;
  readonly sentence: string;
  /** True if the entry is a required property. */
  readonly needed?: boolean;
  /** If the entry is a property, the description of the values that the property accepts. */
  readonly takes?: string;
  /** If the entry is a topic, its chapter of the guide. */
  readonly chapter?: ChapterId;
  /** For a step: `always` if it may have `expect`, `with-at` if it may have `expect` only together with `at`. */
  readonly expects?: 'always' | 'with-at';
  /** The words of a step, with those of nested objects, such as `token.expires`. */
  readonly words?: readonly ListedWord[];
}

interface ListedWord {
  readonly word: string;
  readonly needed: boolean;
  readonly takes: string;
  readonly sentence: string;
}

function listedWord({ word, isNeeded, takes, sentence }: WordRow): ListedWord {
  return { word, needed: isNeeded, takes: takes.replaceAll('`', ''), sentence };
}

function wordEntry(row: WordRow): Entry {
  const { word, ...rest } = listedWord(row);
  return { id: word, ...rest };
}

function section([subject, entries]: readonly [Subject, readonly Entry[]]): string {
  const width = Math.max(0, ...entries.map((entry) => idOf(entry).length));
  const lines = entries.flatMap((entry) => [
    `  ${idOf(entry).padEnd(width)}  ${aboutOf(entry)}`,
    ...(entry.words ?? []).map(
      ({ word, needed, sentence }) => `  ${' '.repeat(width)}    ${word}${needed ? '' : '?'}: ${sentence}`,
    ),
  ]);
  return `${subject}\n${lines.join('\n')}\n`;
}

/** Returns the ID, with a question mark if the property with this ID is optional. Optional properties of steps get a question mark too. */
function idOf({ id, needed }: Entry): string {
  return needed === false ? `${id}?` : id;
}

function aboutOf({ sentence, chapter, expects }: Entry): string {
  if (chapter !== undefined) return `${sentence} (${chapters[chapter].title})`;
  return expects === 'with-at' ? `${sentence} (expect is allowed only together with at)` : sentence;
}
