import { z } from 'zod';
import { type ChapterId, chapters, type Topic } from '../../core/run/topic.ts';
import { shown } from './mistakes/issue-sentence.ts';
import type { Mistake } from './mistakes/mistake.ts';
import { YamlSource } from './yaml-source.ts';

const chapterIds = Object.keys(chapters) as [ChapterId, ...ChapterId[]];

const topicsSchema = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    title: z.string().min(1),
    sentence: z.string().min(1),
    chapter: z.enum(chapterIds),
  }),
);

/** Reads `topics.yaml`, a list of topics with id, title, sentence and chapter. Returns the topics, or all mistakes. */
export function loadTopics(
  file: string,
  text: string,
):
  | { readonly ok: true; readonly topics: readonly Topic[] }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] } {
  const source = new YamlSource(file, text);
  const broken = source.mistakes();
  if (broken.length > 0) return { ok: false, mistakes: broken };
  const read = source.value();
  if (!read.ok) return { ok: false, mistakes: [read.mistake] };
  const parsed = topicsSchema.safeParse(read.value);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => {
      const path = issue.path.filter((step) => typeof step !== 'symbol');
      return source.mistakeAt(path, `expected topics with id, title, sentence and chapter: ${issue.message}`);
    });
    return { ok: false, mistakes };
  }
  const ids = parsed.data.map(({ id }) => id);
  const twice = parsed.data.flatMap(({ id }, index) =>
    ids.indexOf(id) < index
      ? [source.mistakeAt([index], `the topic ${shown(id)} is defined twice; remove one of the definitions`)]
      : [],
  );
  return twice.length > 0 ? { ok: false, mistakes: twice } : { ok: true, topics: parsed.data };
}
