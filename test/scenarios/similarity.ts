import { isMap, parse } from './parse-scenario.ts';

/**
 * What a scenario does, without what it is called: three words in a row of its files' parts, names of devices, CAs and groups
 * replaced by their kind, and everything that is told to people left out.
 */
export function shapeOf(text: string): ReadonlySet<string> {
  const { title: _title, story: _story, teaches: _teaches, covers: _covers, tags: _tags, ...doing } = parse(text);
  const cloud = isMap(doing['cloud']) ? doing['cloud'] : {};
  const names = new Map([
    ...namesOf(doing['devices'], 'DEVICE'),
    ...namesOf(doing['pki'], 'CA'),
    ...namesOf(cloud['enrollmentGroups'], 'GROUP'),
  ]);
  // A name of the matrix tells people of a variant, so it goes too.
  const words = JSON.stringify(doing, (key, value: unknown) => (key === 'name' ? undefined : value))
    .split(/[^\w.${}-]+/)
    .map((word) => names.get(word) ?? word)
    .filter((word) => word !== '');
  return new Set(words.map((_, index) => words.slice(index, index + 3).join(' ')));
}

/** Share of what two shapes have in common in all that they have, from 0 to 1. */
export function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((one) => b.has(one)).length;
  return common / (a.size + b.size - common);
}

function namesOf(value: unknown, kind: string): readonly (readonly [string, string])[] {
  return isMap(value) ? Object.keys(value).map((name) => [name, kind] as const) : [];
}
