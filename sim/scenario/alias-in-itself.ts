import { type Document, visit } from 'yaml';

/**
 * Where an alias stands inside the very value that it repeats: such a value has no end. YAML allows it, and no scenario means it.
 *
 * @returns an offset in characters; undefined where there is none.
 */
export function aliasInItself(document: Document): number | undefined {
  let found: number | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      const [start, end] = alias.resolve(document)?.range ?? [];
      const at = alias.range?.[0];
      if (start === undefined || end === undefined || at === undefined || at < start || at >= end) return undefined;
      found = at;
      return visit.BREAK;
    },
  });
  return found;
}
