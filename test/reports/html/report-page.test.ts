import { expect, test } from 'vitest';
import { PageRuns } from '../../../reports/html/page-runs.ts';
import { reportPage } from '../../../reports/html/report-page.ts';
import { dataMark, type PageIndex } from '../../../reports/html/page-data.ts';
import { dataInPage, runsInBlock } from './data-in-page.ts';
import { played, playbackOf, samplePlayback, sampleRun, sampleView } from '../sample-playback.ts';

const page = `<p>before</p>${dataMark}<p>after</p>`;

test('the report page has every run unchanged, at the position that the index gives', () => {
  const data = dataInPage(reportPage(samplePlayback, { ...sampleView, page }));
  const index: PageIndex = JSON.parse(data.get('index') ?? '');
  expect(index.entries.map(({ id, verdict }) => [id, verdict.kind])).toEqual(
    samplePlayback.played.map(({ run }) => [run.id, run.verdict.kind]),
  );
  const runs = index.entries.map(({ block, place }) => runsInBlock(data, block)[place]);
  expect(runs).toEqual(JSON.parse(JSON.stringify(samplePlayback.played.map(({ run }) => run))));
  expect(index.troubles).toEqual(samplePlayback.troubles);
  expect(index.entries[2]).toMatchObject({ attestations: [], transports: [], runFile: 'runs/attacks-clone/run.json' });
});

test('the report page is the same if its runs were added when they ended, in another order, with a run that ran again', () => {
  const runs = new PageRuns();
  runs.add(sampleRun('attacks/clone', 'fail', 'an attempt that is not in the report'));
  for (const { run } of samplePlayback.played.toReversed()) runs.add(run);
  const view = { ...sampleView, page };
  expect(reportPage(samplePlayback, view, runs)).toBe(reportPage(samplePlayback, view));
});

test('the report page has the text of each scenario file once, and each run refers to the text of its file', () => {
  const run = (id: string, text?: string) =>
    played(sampleRun(id, 'pass', 'as expected', text === undefined ? {} : { text }));
  const now = playbackOf([run('a', 'title: new'), run('b', 'title: new'), run('c')]);
  const earlier = playbackOf([run('a', 'title: old'), run('b', 'title: new')]);
  const data = dataInPage(reportPage(now, { ...sampleView, page, earlier }));
  const index: PageIndex = JSON.parse(data.get('index') ?? '');
  expect(JSON.parse(data.get('texts') ?? '')).toEqual(['title: new', 'title: old']);
  expect(index.entries.map(({ id, text }) => [id, text])).toEqual([
    ['a', 0],
    ['b', 0],
    ['c', null],
  ]);
  expect(index.earlier.map(({ id, text }) => [id, text])).toEqual([
    ['then:a', 1],
    ['then:b', 0],
  ]);
  expect(data.get('block-0')).not.toContain('title: ');
});

test('the report page splits large runs into several blocks', () => {
  const runs = Array.from({ length: 7 }, (_, index) =>
    played(sampleRun(`one-${index}`, 'pass', 'as expected', { story: `${index}`.repeat(400_000) })),
  );
  const data = dataInPage(reportPage(playbackOf(runs), { ...sampleView, page }));
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
  expect([...data.keys()]).toEqual(['index', 'texts', 'shared', 'block-0', 'block-1', 'block-2']);
});

test('texts of a scenario cannot add HTML or replacement patterns to the report page', () => {
  const odd = `</script><script>alert(1)</script>$& $' ${dataMark}`;
  const runs = [played(sampleRun(odd, 'fail', odd, { title: odd }))];
  const text = reportPage(playbackOf(runs, { troubles: [odd] }), { ...sampleView, page });
  expect(text).toMatch(
    /^<p>before<\/p><script type="application\/gzip" id="index">[^<>&$]+<\/script>\n<script type="application\/gzip" id="texts">[^<>&$]+<\/script>\n<script type="application\/gzip" id="shared">[^<>&$]+<\/script>\n<script type="application\/gzip" id="block-0">[^<>&$]+<\/script><p>after<\/p>$/,
  );
});

test('the report page links to scenario files only if the report folder is below the working folder', () => {
  const baseFrom = (reportFolder: string): string => {
    const text = reportPage(playbackOf([]), { ...sampleView, page, reportFolder });
    const index: PageIndex = JSON.parse(dataInPage(text).get('index') ?? '');
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

test('writing the report page throws an error if the page template is missing', () => {
  const { page: _, ...bare } = sampleView;
  expect(() => reportPage(samplePlayback, bare)).toThrow('no page template');
});
