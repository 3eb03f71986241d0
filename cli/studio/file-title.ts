import { parse } from 'yaml';

/**
 * Returns the title of a scenario file for all its variants; undefined if the file has none. A matrix value becomes `…`. If the last
 * clause ends with a value, the clause is omitted, so that the title does not stop in the middle of a sentence:
 * `A charger is sold, and ${name}` becomes `A charger is sold`.
 */
export function fileTitle(text: string): string | undefined {
  try {
    const title: unknown = (parse(text) as Readonly<Record<string, unknown>> | null)?.['title'];
    return typeof title === 'string' ? withoutLastClause(title).replaceAll(/\$\{[\w-]+\}/g, '…') : undefined;
  } catch {
    return undefined;
  }
}

function withoutLastClause(title: string): string {
  if (!/\$\{[\w-]+\}\)?$/.test(title)) return title;
  const start = Math.max(...[...title.matchAll(/[:,;(–]\s?|\s-\s/g)].map(({ index }) => index), 0);
  return start === 0 ? title : title.slice(0, start).trimEnd();
}
