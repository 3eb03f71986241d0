import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { reportPage } from '../../reports/html/report-page.ts';
import { dataMark, type PageIndex } from '../../reports/html/page-data.ts';
import type { Run } from '../../core/run.ts';
import { played, playbackOf, samplePlayback, sampleRun, sampleView } from './sample-playback.ts';

const page = `<p>before</p>${dataMark}<p>after</p>`;

/** What the elements of a page hold, by their IDs. */
function dataIn(text: string): ReadonlyMap<string, string> {
  const elements = text.matchAll(/<script type="application\/gzip" id="([^"]+)">([^<]*)<\/script>/g);
  return new Map(
    [...elements].map(([, id = '', data = '']) => [id, gunzipSync(Buffer.from(data, 'base64')).toString()]),
  );
}

test('every run is in the page as it is, where the index says', () => {
  const data = dataIn(reportPage(samplePlayback, { ...sampleView, page }));
  const index: PageIndex = JSON.parse(data.get('index') ?? '');
  expect(index.entries.map(({ id, verdict }) => [id, verdict.kind])).toEqual(
    samplePlayback.played.map(({ run }) => [run.id, run.verdict.kind]),
  );
  const runs = index.entries.map(({ block, place }): Run => JSON.parse(data.get(`block-${block}`) ?? '')[place]);
  expect(runs).toEqual(JSON.parse(JSON.stringify(samplePlayback.played.map(({ run }) => run))));
  expect(index.troubles).toEqual(samplePlayback.troubles);
  expect(index.entries[2]).toMatchObject({ attestations: [], transports: [], runFile: 'runs/attacks-clone/run.json' });
});

test('runs of many megabytes are in several blocks', () => {
  const story = 'x'.repeat(400_000);
  const runs = Array.from({ length: 7 }, (_, index) =>
    played(sampleRun(`one-${index}`, 'pass', 'as expected', { story })),
  );
  const data = dataIn(reportPage(playbackOf(runs), { ...sampleView, page }));
  const index: PageIndex = JSON.parse(data.get('index') ?? '');
  expect(index.entries.map(({ block, place }) => [block, place])).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
    [2, 0],
  ]);
  expect([...data.keys()]).toEqual(['index', 'texts', 'block-0', 'block-1', 'block-2']);
});

test('no word of a scenario becomes part of the page, and nothing of it stands for something else', () => {
  const odd = `</script><script>alert(1)</script>$& $' ${dataMark}`;
  const runs = [played(sampleRun(odd, 'fail', odd, { title: odd }))];
  const text = reportPage(playbackOf(runs, { troubles: [odd] }), { ...sampleView, page });
  expect(text).toMatch(
    /^<p>before<\/p><script type="application\/gzip" id="index">[\w+/=]+<\/script>\n<script type="application\/gzip" id="texts">[\w+/=]+<\/script>\n<script type="application\/gzip" id="block-0">[\w+/=]+<\/script><p>after<\/p>$/,
  );
});

test('the way to scenario files is known from a folder beneath them only', () => {
  const baseFrom = (reportFolder: string): string => {
    const text = reportPage(playbackOf([]), { ...sampleView, page, reportFolder });
    const index: PageIndex = JSON.parse(dataIn(text).get('index') ?? '');
    return index.sourceBase;
  };
  expect(['rehearsal-report', 'a/b', './c', '/tmp/d', '../e', '.'].map(baseFrom)).toEqual([
    '../',
    '../../',
    '../',
    '',
    '',
    '',
  ]);
});

test('a page without a page is a fault of ours', () => {
  const { page: _, ...bare } = sampleView;
  expect(() => reportPage(samplePlayback, bare)).toThrow('without a page to put it into');
});
