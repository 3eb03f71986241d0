import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checks } from '../../../core/checks.ts';
import { withoutReferences } from '../../../reports/words/without-references.ts';
import { shipped } from '../../scenarios/shipped.ts';

const text = readFileSync('scenarios/schema.json', 'utf8');
const ajv = new Ajv2020({ strict: true, strictTypes: false, formats: { hostname: true } });
const accepts = ajv.compile(JSON.parse(text));
// The schema, with each reference replaced by a copy of its definition.
const spelledOut = withoutReferences(JSON.parse(text));
const acceptsSpelledOut = ajv.compile(spelledOut);

interface Document {
  title: unknown;
  devices: Record<string, unknown>;
  timeline: Record<string, unknown>[];
  [word: string]: unknown;
}

const documents: readonly (readonly [file: string, read: () => Document])[] = [
  ...new Set(shipped().map(({ file }) => file)),
].map((file) => {
  // Each mutation needs its own document, and a copy is much faster than another reading.
  const written = parse(readFileSync(file, 'utf8')) as Document;
  return [file, () => structuredClone(written)];
});

/** Changes that each make a document invalid in one place. */
const mutations: Readonly<Record<string, (document: Document) => void>> = {
  'a title that is a number': (document) => void (document.title = 7),
  'no timeline': (document) => void Reflect.deleteProperty(document, 'timeline'),
  'an unknown word': (document) => void (document['titel'] = 'x'),
  'an unknown step': ({ timeline }) => void timeline.push({ 'powr-on': 'meter' }),
  'a step with two step names': ({ timeline }) => void timeline.push({ 'power-on': 'meter', package: 'meter' }),
  'an unknown word in expect': ({ timeline }) => void timeline.push({ 'power-on': 'meter', expect: { foo: 1 } }),
  'an unknown check': ({ timeline }) => void timeline.push({ 'power-on': 'meter', expect: { refused: 'no-such' } }),
  'an unknown check with a count': ({ timeline }) =>
    void timeline.push({ 'power-on': 'meter', expect: { caught: { 'no-such': 1 } } }),
  'a negative count': ({ timeline }) => void timeline.push({ 'power-on': 'meter', expect: { shipped: -1 } }),
  'a device that is not an object': ({ devices }) => void (devices['meter'] = 7),
  'a delay that is not a text': ({ timeline }) => void timeline.push({ 'power-on': 'meter', after: 7 }),
  'an expectation for a step that decides nothing': ({ timeline }) =>
    void timeline.push({ package: 'meter', expect: { done: true } }),
  'a path that starts without a slash': ({ timeline }) =>
    void timeline.push({ 'send-request': { to: 'service-api', as: 'meter', method: 'GET', path: 'x' } }),
};

describe('`scenarios/schema.json`', () => {
  test.each(documents)('accepts %s', (_file, read) => {
    expect(accepts(read()), ajv.errorsText(accepts.errors)).toBe(true);
    expect(acceptsSpelledOut(read())).toBe(true);
  });

  test.each(Object.entries(mutations))('rejects any shipped scenario after a change: %s', (_name, mutate) => {
    const verdicts = documents.map(([file, read]) => {
      const document = read();
      mutate(document);
      return [file, accepts(document), acceptsSpelledOut(document)];
    });
    expect(verdicts.filter(([, short, long]) => short !== false || long !== false)).toEqual([]);
  });

  test('accepts a matrix reference in place of any value', () => {
    const document = {
      title: 'x',
      devices: { meter: { attestation: '${how}', count: '${n}' } },
      timeline: [{ 'power-on': 'meter', after: '${wait}', expect: '${outcome}' }],
    };
    expect(accepts(document), ajv.errorsText(accepts.errors)).toBe(true);
  });

  test('has each check ID once, so that a new check adds only one line', () => {
    for (const check of Object.keys(checks)) expect(text.split(`"${check}"`).length - 1, check).toBe(1);
  });

  test('has the properties of `expect` once, and is short enough for a review', () => {
    expect(text.split('"scrappedButEnrolled"').length - 1).toBe(1);
    expect(text.split('\n').length).toBeLessThan(12_000);
  });

  test('uses each of its definitions', () => {
    const { $defs } = JSON.parse(text) as { readonly $defs: Readonly<Record<string, unknown>> };
    const unused = Object.keys($defs).filter((name) => !text.includes(`"$ref": "#/$defs/${name}"`));
    expect(unused).toEqual([]);
  });
});
