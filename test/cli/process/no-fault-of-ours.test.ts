import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMap, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
import { decodeText } from '../../../cli/files/decode-text.ts';
import { loadText as loadScenarios } from '../../../cli/files/load-files.ts';
import { playScenario } from '../../../cli/library.ts';
import { loadLab } from '../../../sim/lab/load.ts';
import { swtpmMissing } from '../../sim/swtpm-present.ts';

// No file that a user can write may cause an internal error: the loader reports the mistake, or the scenario gets a verdict.

const texts: readonly string[] = readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml') && !name.endsWith('topics.yaml'))
  .toSorted()
  .map((name) => readFileSync(join('scenarios', name), 'utf8'));

const oddDurations = [
  'P1000000Y',
  'P9000Y',
  'P7990Y',
  'P300000Y',
  '-P1D',
  'PT0S',
  'P1D',
  'PT1H',
  '-P100Y',
  'PT0.000001S',
];
const oddInstants = ['0001-01-05T08:00:00Z', '9999-12-31T23:59:59Z', '1950-01-01T00:00:00Z', '2026-02-30T00:00:00Z'];
const oddNumbers = [0, -1, 1, 2, 1e300, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];
const oddTexts = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'a/b',
  'Gerät',
  '\u0000',
  '\ud800',
  '${x}',
  '${',
  '*',
  '<<',
  'x'.repeat(300),
];
const oddKinds: readonly unknown[] = [true, false, null, [], {}, [[]], [null], { constructor: 1 }];

/** Values that are invalid for nearly all keys of a file. */
const odd = fc.constantFrom<unknown[]>(...[oddDurations, oddInstants, oddNumbers, oddTexts, oddKinds].flat());

/** Random changes to a document. `where` is a number that selects the place of the change. */
const change = fc.record({
  what: fc.constantFrom('replace', 'remove', 'repeat', 'rename'),
  where: fc.nat(),
  value: odd,
});

/** The parsed shipped files. A copy of a parsed file costs less than another parse. */
const documents = new Map(texts.map((text) => [text, parseDocument(text)]));

/** Returns the text of a shipped file with the given changes. */
function changed(text: string, changes: readonly { what: string; where: number; value: unknown }[]): string {
  const document = documents.get(text)?.clone() ?? parseDocument(text);
  for (const { what, where, value } of changes) {
    const scalars: { set(to: unknown): void }[] = [];
    const pairs: { remove(): void; repeat(): void; rename(to: unknown): void }[] = [];
    visit(document, (_key, node, path) => {
      const parent = path.at(-1);
      if (isPair(node) && isMap(parent)) {
        pairs.push({
          remove: () => void parent.items.splice(parent.items.indexOf(node), 1),
          repeat: () => void parent.items.push(node.clone()),
          rename: (to) => void (node.key = document.createNode(to)),
        });
      } else if (isScalar(node) && isPair(parent) && parent.value === node) {
        scalars.push({ set: (to) => void (parent.value = document.createNode(to)) });
      } else if (isSeq(parent)) {
        scalars.push({ set: (to) => void (parent.items[parent.items.indexOf(node)] = document.createNode(to)) });
      }
    });
    const scalar = scalars[where % Math.max(1, scalars.length)];
    const pair = pairs[where % Math.max(1, pairs.length)];
    if (what === 'replace') scalar?.set(value);
    if (what === 'remove') pair?.remove();
    if (what === 'repeat') pair?.repeat();
    if (what === 'rename') pair?.rename(value);
  }
  return String(document);
}

const mutant = fc
  .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([text, changes]) => changed(text, changes));

/** Returns a shipped file with some changed letters. */
const garbled = fc
  .tuple(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 3 })), { maxLength: 5 }))
  .map(([text, places]) =>
    places.reduce((before, [at, put]) => {
      const place = at % before.length;
      return before.slice(0, place) + put + before.slice(place + (at % 4));
    }, text),
  );

/** Expects that every message is short, has a position in the file, and is not a message of the JavaScript engine. */
function expectSound(text: string, mistakes: readonly { line: number; column: number; message: string }[]): void {
  expect(mistakes.length).toBeGreaterThan(0);
  const lines = text.split('\n').length;
  for (const { line, column, message } of mistakes) {
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThan(0);
    expect(message).not.toMatch(
      /undefined|\[object|Maximum call stack|Cannot read prop|is not a function|Invalid input/,
    );
  }
}

describe('no input file causes an internal error', () => {
  test('random bytes are reported as mistakes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = decodeText(Buffer.from(bytes));
        if (!text.ok) expect(text.failure.sentence).toContain('save');
        else {
          const loaded = loadScenarios('random.yaml', text.value);
          expect(loaded.ok).toBe(false);
          if (!loaded.ok) expectSound(text.value, loaded.mistakes);
        }
      }),
      { seed: 12, numRuns: 1000 },
    );
  });

  test.each([
    ['a shipped scenario with changed values', mutant],
    ['a shipped scenario with changed letters', garbled],
  ])('a file with %s either is valid or is reported with its mistakes', (_what, files) => {
    fc.assert(
      fc.property(files, (text) => {
        const loaded = loadScenarios('mutant.yaml', text);
        if (!loaded.ok) expectSound(text, loaded.mistakes);
        const lab = loadLab('mutant.yaml', text, 0);
        if (!lab.ok) expectSound(text, lab.mistakes);
      }),
      { seed: 12, numRuns: Number(process.env['FUZZ'] ?? 250) },
    );
  });

  test.skipIf(swtpmMissing !== undefined)(
    'a changed scenario that is still valid passes, fails or is skipped, and is never inconclusive',
    async () => {
      await fc.assert(
        fc.asyncProperty(mutant, async (text) => {
          const loaded = loadScenarios('mutant.yaml', text);
          fc.pre(loaded.ok);
          const [scenario] = loaded.ok ? loaded.scenarios : [];
          fc.pre(scenario !== undefined && Object.values(scenario.devices).every(({ count = 1 }) => count <= 5));
          if (scenario === undefined) return;
          const { verdict } = await playScenario(scenario, { seed: '1' });
          expect([verdict.reason, verdict.kind]).not.toEqual([verdict.reason, 'unknown']);
        }),
        { seed: Number(process.env['FUZZ_SEED'] ?? 12), numRuns: Number(process.env['FUZZ_PLAYS'] ?? 30) },
      );
    },
  );
});
