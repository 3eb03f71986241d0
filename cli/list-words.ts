import type { z } from 'zod';
import { checks } from '../core/checks.ts';
import { type ChapterId, chapters } from '../core/topic.ts';
import { steps } from '../sim/steps/index.ts';
import type { Subject } from './commands/list.ts';
import { exitCodes } from './exit-codes.ts';
import { loadFiles } from './load-files.ts';
import { tellMistakes } from './tell-mistakes.ts';
import { topics } from './vocabulary.ts';

/** Prints what was chosen and returns the exit code. */
export function listWords(chosen: readonly Subject[], isJson: boolean): number {
  const loaded = chosen.includes('scenarios') ? loadFiles([]) : { scenarios: [], mistakes: [], texts: {} };
  if (loaded.mistakes.length > 0) return tellMistakes(loaded);
  const sources: Record<Subject, () => readonly Entry[]> = {
    steps: stepEntries,
    checks: () => Object.entries(checks).map(([id, sentence]) => ({ id, sentence })),
    topics: () => topics().map(({ id, title, chapter }) => ({ id, sentence: title, chapter })),
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

/** One thing that can be listed. */
interface Entry {
  readonly id: string;
  readonly sentence: string;
  /** Of the guide, for a topic. */
  readonly chapter?: ChapterId;
  /** The words that it takes, for a step. */
  readonly words?: readonly { readonly word: string; readonly needed: boolean; readonly sentence: string }[];
}

function stepEntries(): readonly Entry[] {
  return steps.map(({ name, summary, args }) => {
    const shape: Readonly<Record<string, z.ZodType>> = args.shape;
    const words = Object.entries(shape).map(([word, schema]) => ({
      word,
      needed: !schema.safeParse(undefined).success,
      sentence: schema.meta()?.description ?? '',
    }));
    return { id: name, sentence: summary, words };
  });
}

function section([subject, entries]: readonly [Subject, readonly Entry[]]): string {
  const width = Math.max(0, ...entries.map(({ id }) => id.length));
  const lines = entries.flatMap(({ id, sentence, chapter, words = [] }) => [
    `  ${id.padEnd(width)}  ${sentence}${chapter === undefined ? '' : ` (${chapters[chapter].title})`}`,
    ...words.map(({ word, needed, sentence }) => `  ${' '.repeat(width)}    ${word}${needed ? '' : '?'}: ${sentence}`),
  ]);
  return `${subject}\n${lines.join('\n')}\n`;
}
