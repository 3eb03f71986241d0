import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PageIndex } from '../../../reports/html/page-data.ts';
import { dataInPage } from '../../reports/html/data-in-page.ts';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const { passes } = sampleScenarios;

test('a report of recorded runs shows the scenario text that the run used, even if the file has changed since', async () => {
  const first = await runWarm({ 'a.yaml': passes }, ['run', 'a.yaml', '--report-dir', 'old', '--seed', 's']);
  expect([first.exitCode, first.stderr]).toEqual([0, '']);
  const inFolder = (...words: string[]) => runWarmIn(first.folder, words);
  const changed = `# Looked at again.\n${passes}`;
  writeFileSync(join(first.folder, 'a.yaml'), changed);
  writeFileSync(join(first.folder, 'b.yaml'), passes);
  expect((await inFolder('run', '.', '--report-dir', 'new', '--seed', 's')).exitCode).toBe(0);
  // This text is written after both runs, so neither run used it.
  writeFileSync(join(first.folder, 'a.yaml'), 'title: something else');

  const { exitCode, stdout, stderr } = await inFolder('report', 'new', '--as', 'html', '--against', 'old');
  expect([exitCode, stderr]).toEqual([0, '']);
  const data = dataInPage(stdout);
  const index: PageIndex = JSON.parse(data.get('index') ?? '');
  const texts: readonly string[] = JSON.parse(data.get('texts') ?? '');
  expect(index.entries.map(({ id, text }) => [id, texts[text ?? -1]])).toEqual([
    ['a', changed],
    ['b', passes],
  ]);
  expect(index.earlier.map(({ id, text }) => [id, texts[text ?? -1]])).toEqual([['then:a', passes]]);
  expect(index.differences).toMatchObject([{ kind: 'new', id: 'b', isRegression: false }]);

  expect(await inFolder('report', 'new', '--against', 'old')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: 'error: --against needs --as html\n',
  });
  expect(await inFolder('report', 'new', '--as', 'html', '--against', 'older')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: 'error: older not found; name a report folder, a results.json or a run.json\n',
  });
  writeFileSync(join(first.folder, 'new/matrix.json'), '{}');
  const odd = await inFolder('report', 'new', '--as', 'html');
  expect([odd.exitCode, odd.stdout]).toEqual([2, '']);
  expect(odd.stderr).toMatch(/^error: new\/matrix\.json is not a matrix\.json of this version of rehearse: /);
});
