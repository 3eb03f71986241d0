import { type Document, visit } from 'yaml';

/**
 * Finds an alias inside the value that it repeats, which makes an endless value. YAML allows it, but no scenario needs it.
 *
 * @returns an offset in characters; undefined if there is no such alias.
 */
export function aliasInItself(document: Document): number | undefined {
  /** Offsets of the start and the end of the value of each anchor; the last anchor of a name counts. */
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
