import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Topic } from '../../core/run/topic.ts';
import { loadTopics } from '../../sim/scenario/load-topics.ts';
import { packageRoot } from '../package-root.ts';

let read: readonly Topic[] | undefined;

/** Returns the shipped topics. A mistake in the file of the topics is a bug, so this function throws. */
export function topics(): readonly Topic[] {
  if (read !== undefined) return read;
  const file = join(packageRoot, 'scenarios', 'topics.yaml');
  const loaded = loadTopics(file, readFileSync(file, 'utf8'));
  if (!loaded.ok) throw new Error(loaded.mistakes.map(({ line, message }) => `${file}:${line} ${message}`).join('\n'));
  read = loaded.topics;
  return read;
}
