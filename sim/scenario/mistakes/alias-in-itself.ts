import { type Document, visit } from 'yaml';

/**
 * Finds an alias inside the very value that it repeats: such a value has no end. YAML allows it, and no scenario means it.
 *
 * @returns an offset in characters; undefined where there is none.
 */
export function aliasInItself(document: Document): number | undefined {
  /** Where the value of each anchor starts and ends; the last one of a name counts. */
  const values = new Map<string, readonly [number, number]>();
  let found: number | undefined;
  visit(document, {
    Value: (_key, node) => {
      if (node.anchor !== undefined && node.range) values.set(node.anchor, [node.range[0], node.range[1]]);
    },
    Alias: (_key, alias) => {
      const [start, end] = values.get(alias.source) ?? [];
      const at = alias.range?.[0];
      if (start === undefined || end === undefined || at === undefined || at < start || at >= end) return undefined;
      found = at;
      return visit.BREAK;
    },
  });
  return found;
}
