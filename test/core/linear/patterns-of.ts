import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import type { Pattern } from './pattern-cost.ts';

/** A pattern with the places of the source at which it occurs, such as `cli/files/slug.ts:7`. */
export interface FoundPattern extends Pattern {
  readonly places: readonly string[];
}

/** Returns each distinct regular expression literal of the source files in the given folders. */
export function patternsOf(root: string, folders: readonly string[]): readonly FoundPattern[] {
  const found = new Map<string, Pattern & { readonly places: string[] }>();
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.(ts|tsx|mjs|js)$/.test(name)) continue;
      const file = join(folder, name);
      for (const { source, flags, line } of patternsIn(file, readFileSync(join(root, file), 'utf8'))) {
        const key = `/${source}/${flags}`;
        const known = found.get(key) ?? { source, flags, places: [] };
        known.places.push(`${file}:${line}`);
        found.set(key, known);
      }
    }
  }
  return [...found.values()];
}

function patternsIn(file: string, text: string): (Pattern & { readonly line: number })[] {
  const patterns: (Pattern & { readonly line: number })[] = [];
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  new Visitor({
    Literal: (node) => {
      if (!('regex' in node)) return;
      const line = text.slice(0, node.start).split('\n').length;
      patterns.push({ source: node.regex.pattern, flags: node.regex.flags, line });
    },
  }).visit(program);
  return patterns;
}
