import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checks } from '../../core/checks.ts';
import { choices, type Schema } from '../../reports/words/schema.ts';
import { withoutReferences } from '../../reports/words/without-references.ts';
import { wordsMarkdown } from '../../reports/words/words-markdown.ts';
import { vocabulary } from '../../cli/files/load-files.ts';
import { loadScenarios } from '../../sim/scenario/load.ts';
import { labJsonSchema } from '../../sim/scenario/json-schema.ts';
import { steps } from '../../sim/steps/index.ts';
import { runWarm } from '../cli/warm/warm-command.ts';

const schema = withoutReferences(JSON.parse(readFileSync('scenarios/schema.json', 'utf8')) as Schema);
const text = readFileSync('docs/words.md', 'utf8');
const stepNames: ReadonlySet<string> = new Set(steps.map(({ name }) => name));

/** A property of the schema: its path and its description. */
interface Found {
  readonly word: string;
  readonly description: string | undefined;
}

/** Returns every property of a schema at every level; steps inside another property are listed separately. */
function everyWord(from: Schema, above = ''): readonly Found[] {
  return choices(from).flatMap((choice): readonly Found[] => {
    const inside = Object.entries(choice.properties ?? {}).flatMap(([name, next]): readonly Found[] => {
      const word = above === '' ? name : `${above}.${name}`;
      const own = {
        word,
        description:
          next.description ?? choices(next).find(({ description }) => description !== undefined)?.description,
      };
      return stepNames.has(name) && above !== '' ? [own] : [own, ...everyWord(next, word)];
    });
    const { additionalProperties: named, items } = choice;
    return [
      ...inside,
      ...(typeof named === 'object' ? everyWord(named, `${above}.NAME`) : []),
      ...(items === undefined ? [] : everyWord(items, `${above}[]`)),
    ];
  });
}

/** Returns the properties of a step, without the property that names the step. */
function wordsOfStep(name: string): readonly Found[] {
  const entry = (schema.properties?.['timeline']?.items?.anyOf ?? []).find(({ properties }) => properties?.[name]);
  // Uses the first alternative of the schema. The second alternative is the shorthand: a plain value instead of an object.
  return everyWord(choices(entry?.properties?.[name] ?? {})[0] ?? {});
}

/** Returns the section of words.md below a heading. */
function section(heading: string): string {
  return text.split(/^(?=##)/m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
}

describe('`docs/words.md`', () => {
  test('matches the generated text', () => {
    expect(text, 'docs/words.md is stale: run `npm run generate -- --only words`').toBe(wordsMarkdown(schema));
  });

  test('has every top-level property of a scenario and its nested properties, each with a sentence', () => {
    const { timeline: _timeline, ...properties } = schema.properties ?? {};
    const head = everyWord({ properties });
    expect(head.map(({ word }) => word)).toContain('cloud.enrollmentGroups.NAME.x509.caReference');
    expect(head.filter(({ description = '' }) => description === '').map(({ word }) => word)).toEqual([]);
    expect(head.filter(({ word }) => !section('## The head').includes(`\`${word}\``)).map(({ word }) => word)).toEqual(
      [],
    );
  });

  test.each(steps.map(({ name }) => name))('has every property of the step %s', (name) => {
    const words = wordsOfStep(name);
    expect(words.filter(({ description = '' }) => description === '').map(({ word }) => word)).toEqual([]);
    const told = section(`### ${name}`);
    expect(told).not.toBe('');
    expect(words.filter(({ word }) => !told.includes(`\`${word}\``)).map(({ word }) => word)).toEqual([]);
  });

  test('names exactly the steps for which the loader accepts `expect`', () => {
    for (const { name, registers, judges } of steps) {
      const isAlone = registers || judges;
      expect(section(`### ${name}`)).toContain(
        isAlone ? 'May have `expect`.' : 'May have `expect` together with `at`.',
      );
      expect([name, section('## The steps of a timeline').includes(`\`${name}\``)]).toEqual([name, isAlone]);
    }
  });

  test('has every property of `expect` and every check', () => {
    const expectation = schema.properties?.['timeline']?.items?.anyOf?.[0]?.properties?.['expect'] ?? {};
    const words = everyWord(expectation).map(({ word }) => word);
    expect(words).toContain('refused');
    expect(words.filter((word) => !section('## The words of expect').includes(`\`${word}\``))).toEqual([]);
    expect(Object.keys(checks).filter((id) => !section('## The checks').includes(`| \`${id}\` |`))).toEqual([]);
  });

  test('shows in a valid example how `null` omits a step', () => {
    const [, example = ''] = /```yaml\n([^]*?)```/.exec(text) ?? [];
    const head = 'title: x\npki: { factory: {} }\ndevices: { meter: { attestation: x509 } }\n';
    const loaded = loadScenarios('example.yaml', head + example, vocabulary());
    expect(
      loaded.ok ? loaded.scenarios.map(({ timeline }) => timeline.map(({ name }) => name)) : loaded.mistakes,
    ).toEqual([
      ['issue-certificate', 'enroll', 'power-on'],
      ['issue-certificate', 'power-on'],
    ]);
  });

  test('states the limit of retries with back-off', () => {
    expect(/^\| `devices\.NAME\.retry` .*$/m.exec(text)?.[0]).toContain(
      'a device gives up until it is started again. With 8 tries, the waits of a back-off add up to 2 to 4 minutes',
    );
  });
});

describe('rehearse list', () => {
  test('has a sentence for each property, including nested ones', async () => {
    const { exitCode, stdout } = await runWarm({}, ['list', '--json']);
    expect(exitCode).toBe(0);
    const listed: Record<string, Entry[]> = JSON.parse(stdout);
    for (const subject of [
      'head',
      'steps',
      'beside',
      'expect',
      'checks',
      'topics',
      'attacks',
      'signals',
      'fidelity',
      'lab',
    ]) {
      expect([subject, listed[subject]?.length]).not.toEqual([subject, 0]);
      expect([subject, listed[subject]?.filter(({ sentence }) => sentence === '').map(({ id }) => id)]).toEqual([
        subject,
        [],
      ]);
    }
    expect(listed['lab']?.map(({ id }) => id)).toEqual([
      ...new Set(everyWord(labJsonSchema()).map(({ word }) => word)),
    ]);
    expect(listed['beside']?.map(({ id }) => id)).toEqual(['after', 'at', 'expect']);
    for (const { id, words = [] } of listed['steps'] ?? []) {
      expect([id, [...new Set(words.map(({ word }) => word))]]).toEqual([
        id,
        [...new Set(wordsOfStep(id).map(({ word }) => word))],
      ]);
      expect([id, words.filter(({ sentence }) => sentence === '')]).toEqual([id, []]);
    }
  });
});

interface Entry {
  readonly id: string;
  readonly sentence: string;
  readonly words?: readonly { readonly word: string; readonly sentence: string }[];
}

test('the page gives each default once, and shows words in backticks as code', () => {
  expect(text.split('\n').filter((line) => /Default: .*Default: /.test(line))).toEqual([]);
  expect(text).not.toContain('\\`');
});
