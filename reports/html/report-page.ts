import { gzipSync } from 'node:zlib';
import type { View } from '../define-report.ts';
import type { PlayedRun, Playback } from '../playback.ts';
import { chapters } from '../../core/run/topic.ts';
import { baselineOf } from '../baseline/baseline-of.ts';
import { compareBaselines } from '../baseline/compare.ts';
import type { Difference } from '../baseline/difference.ts';
import { resultsOf } from '../results-json.ts';
import { toBase85 } from './base85.ts';
import { earlierId } from './earlier-id.ts';
import {
  blockElement,
  certificateOctetsElement,
  certificatesElement,
  dataMark,
  indexElement,
  sharedElement,
  textsElement,
  type PageCertificate,
  type PageIndex,
  type StoredCertificate,
} from './page-data.ts';
import { pageEntry } from './page-entry.ts';
import { pageMatrix } from './page-matrix.ts';
import { PageRuns } from './page-runs.ts';
import type { Json } from './shared-values.ts';

/**
 * Returns the text of report.html, a single self-contained file. The file contains the runs as compressed JSON in blocks. So the page opens
 * as soon as it has decompressed the index, and similar runs, which share a block, become smaller. The texts of scenarios cannot inject
 * HTML, because base85 has no `<`.
 *
 * @param runs runs that were added when they ended. Default: none, so that this call prepares all runs.
 * @throws Error if the page of the view was not built.
 */
export function reportPage(playback: Playback, view: View, runs = new PageRuns()): string {
  const { page } = view;
  if (page === undefined) throw new Error('the view has no page template');
  const [before = '', after = ''] = page.split(dataMark);
  const { earlier } = view;
  const played = [...playback.played, ...(earlier?.played ?? [])];
  const [shared, certificatesOfRuns] = runs.write(played.map(({ run }) => run));
  const blocks = blocksOf(shared.values);
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
    conformancePage: view.conformancePage ?? null,
  };
  const certificates = Object.entries(certificatesOfRuns);
  const data = [
    element(indexElement, JSON.stringify(index)),
    element(textsElement, JSON.stringify(texts)),
    ...(certificates.length === 0 ? [] : certificateElements(certificates)),
    element(sharedElement, JSON.stringify(shared.rows)),
    ...blocks.map(({ texts }, block) => element(blockElement(block), `[${texts.join(',')}]`)),
  ];
  return `${before}${data.join('\n')}${after}`;
}

function differencesOf(earlier: Playback, now: Playback): readonly Difference[] {
  return compareBaselines(baselineOf(resultsOf(earlier)), baselineOf(resultsOf(now)));
}

/** Returns the index of the text of a run. Variants of a file, and most files of an earlier run, share a text. */
function textOf(texts: readonly string[], { run }: PlayedRun): number | null {
  return run.text === undefined ? null : texts.indexOf(run.text);
}

interface Block {
  /** Index of the first run of the block among all runs. */
  readonly first: number;
  readonly texts: string[];
}

/** Groups runs as JSON into blocks of about a megabyte. */
function blocksOf(runs: readonly Json[]): readonly Block[] {
  const blocks: Block[] = [];
  let room = 0;
  for (const [index, run] of runs.entries()) {
    const text = JSON.stringify(run);
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

/**
 * Size of a block in characters. A block of this size opens in a few milliseconds, and has space for all variants of a file, which are
 * similar and so compress well.
 */
const blockCharacters = 1_000_000;

function placeOf(blocks: readonly Block[], index: number): { readonly block: number; readonly place: number } {
  const block = blocks.findLastIndex(({ first }) => first <= index);
  return { block, place: index - (blocks[block]?.first ?? 0) };
}

/**
 * Returns the fields of certificates, with the length of each certificate in octets, and the octets of all certificates. Compressed octets
 * need only five sixths of the size of compressed base64.
 */
function certificateElements(certificates: readonly (readonly [string, PageCertificate])[]): readonly string[] {
  const octets = certificates.map(([, { der }]) => Buffer.from(der, 'base64'));
  const fields = certificates.map(([thumbprint, { der: _der, ...more }], index): [string, StoredCertificate] => [
    thumbprint,
    { ...more, length: octets[index]?.length ?? 0 },
  ]);
  return [
    element(certificatesElement, JSON.stringify(Object.fromEntries(fields))),
    element(certificateOctetsElement, Buffer.concat(octets)),
  ];
}

function element(id: string, content: string | Uint8Array): string {
  return `<script type="application/gzip" id="${id}">${toBase85(gzipSync(content, { level: 9 }))}</script>`;
}

/** Returns the path from the report folder to the folder to which the paths of scenario files are relative. */
function climb(reportFolder: string): string {
  const steps = reportFolder.split(/[\\/]/).filter((step) => step !== '' && step !== '.');
  return reportFolder.startsWith('/') || steps.includes('..') ? '' : '../'.repeat(steps.length);
}
