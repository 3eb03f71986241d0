import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Topic } from '../core/run/topic.ts';
import type { Vocabulary } from '../sim/scenario/load.ts';
import { attacks } from '../sim/attacks/catalogue.ts';
import { loadTopics } from '../sim/scenario/load-topics.ts';
import { steps } from '../sim/steps/index.ts';
import { packageRoot } from './package-root.ts';

/** Returns the words that scenario files may use. */
export function vocabulary(): Vocabulary {
  return { steps, topics: topics().map(({ id }) => id), attacks: attacks.map(({ id }) => id) };
}

let read: readonly Topic[] | undefined;

/** Returns the shipped topics. A mistake in their file is a bug, so it throws. */
export function topics(): readonly Topic[] {
  if (read !== undefined) return read;
  const file = join(packageRoot, 'scenarios', 'topics.yaml');
  const loaded = loadTopics(file, readFileSync(file, 'utf8'));
  if (!loaded.ok) throw new Error(loaded.mistakes.map(({ line, message }) => `${file}:${line} ${message}`).join('\n'));
  read = loaded.topics;
  return read;
}
