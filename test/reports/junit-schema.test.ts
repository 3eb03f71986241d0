import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';
import { expect, test } from 'vitest';
import { junitXml } from '../../reports/junit.ts';
import { flakyPlayback, playbackOf, samplePlayback, sampleView } from './sample-playback.ts';

const schema = readFileSync(join(import.meta.dirname, 'junit.xsd'), 'utf8');

async function mistakesIn(text: string): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents: text }],
    schema: [{ fileName: 'junit.xsd', contents: schema }],
  });
  return errors.map(({ message }) => message);
}

test.each([
  ['with every verdict', samplePlayback],
  ['with flaky scenarios', flakyPlayback],
  ['of a run without scenarios', playbackOf([])],
  [
    'of a run that stopped early',
    playbackOf([], { complete: false, troubles: ['Playwright Test ended & <left>\u0000 nothing'] }),
  ],
])('`junit.xml` %s matches its schema', async (_what, playback) => {
  expect(await mistakesIn(junitXml(playback, sampleView))).toEqual([]);
});

test('the JUnit schema refuses an invalid file', async () => {
  const text = junitXml(samplePlayback, sampleView);
  expect(await mistakesIn(text.replace('<failure', '<failed').replace('</failure', '</failed'))).not.toEqual([]);
  expect(await mistakesIn(text.replace(/ tests="\d+"/, ' tests="many"'))).not.toEqual([]);
});
