import { describe, expect, test } from 'vitest';
import { crowdedFolders, mostEntries } from '../../scripts/folders/crowded-folders.mjs';

const files = (folder: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${folder}/file-${index}.ts`);

describe('the check of folder sizes', () => {
  test('accepts a folder with the maximum number of entries', () => {
    expect(crowdedFolders(files('sim/steps', mostEntries))).toEqual([]);
  });

  test('refuses a folder with more entries than the maximum, and prints their number', () => {
    const paths = [...files('sim/steps', mostEntries), 'sim/steps/factory/deep/file.ts', 'sim/steps/factory/other.ts'];
    expect(crowdedFolders(paths)).toEqual([{ folder: 'sim/steps', count: mostEntries + 1 }]);
  });

  test('does not count the root of the repository', () => {
    expect(crowdedFolders(Array.from({ length: 40 }, (_, index) => `file-${index}.json`))).toEqual([]);
  });
});
