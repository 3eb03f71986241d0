import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { costOf } from './pattern-cost.ts';
import { patternsOf } from './patterns-of.ts';

const root = join(import.meta.dirname, '../../..');
const patterns = patternsOf(root, ['core', 'mocks', 'sim', 'reports', 'cli']);

/** Patterns without a proof of linear time, by file. Each entry has the bound that makes the pattern harmless. */
const exceptions: Readonly<Record<string, readonly [source: string, why: string]>> = {
  // `CompletionContext.matchBefore` of CodeMirror reads at most 250 characters of the line.
  'reports/html/studio/choose/open-editor.ts': [String.raw`[\w-]+$`, 'text of 250 characters'],
  // Each alternative starts at the first character of a word, so the engine tries it once per word, or it reads at most 28 characters
  // before it matches.
  'core/history/normalise-history.ts': [
    String.raw`\b[0-9A-Fa-f]{40,}\b|\b[a-z2-7]{52}\b|(?:[A-Za-z0-9+/]|%2[BbFf]){28,}(?:={1,2}|(?:%3[Dd]){1,2})?`,
    'too large for the checker',
  ],
  // Each alternative starts at the first character of a word or at `$`, so the engine tries it once per word.
  'reports/html/page/compare/paired-events.ts': [
    String.raw`\b[\da-f]{8}-[\da-f-]{27}\b|\b[\dA-Fa-f]{16,}\b|\b[a-z2-7]{52}\b|\$rid=\d+`,
    'too large for the checker',
  ],
};

describe('regular expressions', () => {
  test('in the source code take linear time for any text', () => {
    const slow = patterns
      .filter(({ source, places }) => places.some((place) => exceptions[place.split(':')[0] ?? '']?.[0] !== source))
      .map((pattern) => ({ cost: costOf(pattern), places: pattern.places, source: pattern.source }))
      .filter(({ cost }) => cost !== 'linear');
    expect(slow).toEqual([]);
    expect(patterns.length).toBeGreaterThan(150);
  });

  test('on the list of exceptions still exist in the source code', () => {
    for (const [file, [source]] of Object.entries(exceptions)) {
      const found = patterns.find((pattern) => pattern.source === source);
      expect(found?.places.map((place) => place.split(':')[0])).toContain(file);
    }
  });

  test('that take quadratic or exponential time are found by this check', () => {
    expect(costOf({ source: String.raw`\s+$`, flags: '' })).toMatch('2nd degree');
    expect(costOf({ source: '^(a|aa)+$', flags: '' })).toMatch('exponential');
    // The automaton cannot analyse lookaround, so a search finds this result.
    expect(costOf({ source: 'x(?=y*y*z)', flags: '' })).toMatch('2nd degree');
    expect(costOf({ source: String.raw`^\s+|[a-z]{1,8}`, flags: 'i' })).toBe('linear');
  });
});
