import { type Document, visit } from 'yaml';

/**
 * Finds a YAML alias inside the value that it repeats; such a value would be endless. YAML allows this, but no scenario needs it.
 * @returns the offset of the alias in characters; undefined if there is no such alias.
 */
export function aliasInItself(document: Document): number | undefined {
  /** Offsets of the start and end of each anchored value, by the anchor name. If a name occurs twice, the last anchor counts. */
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
