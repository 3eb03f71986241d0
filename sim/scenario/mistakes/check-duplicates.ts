import { z } from 'zod';
import type { FoundMistake } from './issue-sentence.ts';
import { ownWord, unwrap } from '../editor/schema-at.ts';
import type { Path } from '../yaml-source.ts';

/** Finds each string, number or named object that occurs twice in a list. Unnamed objects in a list may be equal. */
export function checkDuplicates(schema: z.core.$ZodType, value: unknown, path: Path = []): readonly FoundMistake[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => checkDuplicates(option, value, path));
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return [
      ...repeated(value, path),
      ...value.flatMap((item, index) => checkDuplicates(inner.element, item, [...path, index])),
    ];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([word, item]) => {
    const own = inner instanceof z.ZodObject ? ownWord(inner, word) : undefined;
    const below = inner instanceof z.ZodRecord ? inner.valueType : own;
    return below === undefined ? [] : checkDuplicates(below, item, [...path, word]);
  });
}

function repeated(list: readonly unknown[], path: Path): readonly FoundMistake[] {
  const seen = new Set<string>();
  return list.flatMap((item, index): readonly FoundMistake[] => {
    const name = nameOf(item);
    if (name === undefined) return [];
    const key = isHostName(path) ? name.toLowerCase() : name;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ path: [...path, index], message: `"${name}" is in this list twice; remove one of them` }];
  });
}

function nameOf(item: unknown): string | undefined {
  if (typeof item === 'string' || typeof item === 'number') return String(item);
  if (typeof item !== 'object' || item === null || !('name' in item)) return undefined;
  return typeof item.name === 'string' ? item.name : undefined;
}

/** Returns true if the list at this path contains host names, which are compared without regard to case. */
function isHostName(path: Path): boolean {
  return path.at(-1) === 'hubs' || path.at(-1) === 'aliases';
}
