import { convert } from 'xmlbuilder2';
import { describe, expect, test } from 'vitest';
import { junitXml } from '../../reports/junit.ts';
import { playbackOf, played, samplePlayback, sampleRun, sampleView } from './sample-playback.ts';

describe('the JUnit report', () => {
  test('has a suite for each file and a case for each variant', async () => {
    await expect(junitXml(samplePlayback, sampleView)).toMatchFileSnapshot('golden/junit.xml.txt');
  });

  test('escapes XML markup', () => {
    const title = 'a <b> & "c" \'d\' 🔥 ]]>';
    const xml = junitXml(playbackOf([played(sampleRun('x', 'pass', '', { title }))]), sampleView);
    expect(xml).toContain(`name="a &lt;b&gt; &amp; &quot;c&quot; &apos;d&apos; 🔥 ]]&gt;"`);
    expect(() => convert(xml)).not.toThrow();
  });

  test.each(['\u0000', '\u0007', '\u001B', '\uFFFE', '\uFFFF', '\uD800', 'x\uDC00y'])(
    'writes the control character %j as its number',
    (character) => {
      const run = sampleRun('x', 'unknown', `before ${character} after`, { title: character, file: character });
      const xml = junitXml(playbackOf([played(run)]), sampleView);
      expect(() => convert(xml)).not.toThrow();
      expect(xml).toMatch(/before x?\\u[0-9A-F]{4}y? after/);
      // These are the characters that XML 1.0 permits (2.2, production Char).
      expect(xml).toMatch(/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u);
    },
  );

  test('is well-formed XML if no scenario ran', () => {
    expect(convert(junitXml(playbackOf([]), sampleView), { format: 'object' })).toMatchObject({
      testsuites: { '@tests': '0', '@failures': '0', '@errors': '0', '@skipped': '0' },
    });
  });
});
