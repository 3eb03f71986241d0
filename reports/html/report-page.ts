import { gzipSync } from 'node:zlib';
import type { View } from '../define-report.ts';
import type { PlayedRun, Playback } from '../playback.ts';
import { chapters } from '../../core/run/topic.ts';
import { baselineOf } from '../baseline/baseline-of.ts';
import { compareBaselines, type Difference } from '../baseline/compare.ts';
import { resultsOf } from '../results-json.ts';
import { earlierId } from './earlier-id.ts';
import { blockElement, dataMark, indexElement, textsElement, type PageIndex } from './page-data.ts';
import { pageEntry } from './page-entry.ts';
import { pageMatrix } from './page-matrix.ts';

/**
 * Text of report.html: one file that needs no other. What happened is in it as compressed JSON, in blocks of many runs, so
 * that a page opens with its index alone and what is alike in siblings is stored once. No text of a scenario becomes HTML
 * here: base64 has no `<`.
 *
 * @throws where the view has no page.
 */
export function reportPage(playback: Playback, view: View): string {
  const { page } = view;
  if (page === undefined) throw new Error('a report page was asked for without a page to put it into');
  const [before = '', after = ''] = page.split(dataMark);
  const { earlier } = view;
  const played = [...playback.played, ...(earlier?.played ?? [])];
  const blocks = blocksOf(played);
  const texts = [...new Set(played.flatMap(({ run }) => run.text ?? []))];
  const entries = played.map((one, index) =>
    pageEntry(one, view, { ...placeOf(blocks, index), text: textOf(texts, one) }),
  );
  const index: PageIndex = {
    seed: playback.seed,
    shard: playback.shard ?? null,
    sabotage: playback.sabotage ?? null,
    versions: playback.versions,
    complete: playback.complete,
    troubles: playback.troubles,
    wallMs: Math.round(playback.wallMs),
    sourceBase: climb(view.reportFolder),
    chapters: Object.entries(chapters).map(([id, { title }]) => ({ id, title })),
    topics: playback.topics,
    attacks: playback.attacks,
    entries: entries.slice(0, playback.played.length),
    earlier: entries.slice(playback.played.length).map((entry) => ({ ...entry, id: earlierId(entry.id) })),
    differences: earlier === undefined ? null : differencesOf(earlier, playback),
    matrix: view.matrix === undefined ? null : pageMatrix(view.matrix),
  };
  const data = [
    element(indexElement, JSON.stringify(index)),
    element(textsElement, JSON.stringify(texts)),
    ...blocks.map(({ texts }, block) => element(blockElement(block), `[${texts.join(',')}]`)),
  ];
  return `${before}${data.join('\n')}${after}`;
}

function differencesOf(earlier: Playback, now: Playback): readonly Difference[] {
  return compareBaselines(baselineOf(resultsOf(earlier)), baselineOf(resultsOf(now)));
}

/** Place of the text of a run among all of them: those of many variants, and of most files since an earlier run, are the same. */
function textOf(texts: readonly string[], { run }: PlayedRun): number | null {
  return run.text === undefined ? null : texts.indexOf(run.text);
}

interface Block {
  /** Place of its first run among all. */
  readonly first: number;
  readonly texts: string[];
}

/** Runs as JSON, without their texts, in blocks that are closed when they are large enough. */
function blocksOf(played: Playback['played']): readonly Block[] {
  const blocks: Block[] = [];
  let room = 0;
  for (const [index, { run }] of played.entries()) {
    const text = JSON.stringify({ ...run, text: undefined });
    const last = blocks.at(-1);
    if (last === undefined || room <= 0) {
      blocks.push({ first: index, texts: [text] });
      room = blockCharacters - text.length;
    } else {
      last.texts.push(text);
      room -= text.length;
    }
  }
  return blocks;
}

/** Opened in a few milliseconds, and large enough to hold what a file's variants have in common. */
const blockCharacters = 1_000_000;

function placeOf(blocks: readonly Block[], index: number): { readonly block: number; readonly place: number } {
  const block = blocks.findLastIndex(({ first }) => first <= index);
  return { block, place: index - (blocks[block]?.first ?? 0) };
}

function element(id: string, json: string): string {
  // Half the work of the usual level, for a sixth more.
  return `<script type="application/gzip" id="${id}">${gzipSync(json, { level: 4 }).toString('base64')}</script>`;
}

/** From the report folder to the folder in which paths of scenario files start. */
function climb(reportFolder: string): string {
  const steps = reportFolder.split(/[\\/]/).filter((step) => step !== '' && step !== '.');
  return reportFolder.startsWith('/') || steps.includes('..') ? '' : '../'.repeat(steps.length);
}
