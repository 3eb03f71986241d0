import { isMap, parse } from './parse-scenario.ts';

/**
 * Returns the shape of a scenario: all sequences of three words in its text. This function omits texts for readers, and replaces each name
 * of a device, CA or group by its kind.
 */
export function shapeOf(text: string): ReadonlySet<string> {
  const { title: _title, story: _story, teaches: _teaches, covers: _covers, tags: _tags, ...doing } = parse(text);
  const cloud = isMap(doing['cloud']) ? doing['cloud'] : {};
  const names = new Map([
    ...namesOf(doing['devices'], 'DEVICE'),
    ...namesOf(doing['pki'], 'CA'),
    ...namesOf(cloud['enrollmentGroups'], 'GROUP'),
  ]);
  // The name of a variant is also a text for readers, so this function omits it.
  const words = JSON.stringify(doing, (key, value: unknown) => (key === 'name' ? undefined : value))
    .split(/[^\w.${}-]+/)
    .map((word) => names.get(word) ?? word)
    .filter((word) => word !== '');
  return new Set(words.map((_, index) => words.slice(index, index + 3).join(' ')));
}

/** Returns the Jaccard similarity of two shapes, from 0 to 1. */
export function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((one) => b.has(one)).length;
  return common / (a.size + b.size - common);
}

function namesOf(value: unknown, kind: string): readonly (readonly [string, string])[] {
  return isMap(value) ? Object.keys(value).map((name) => [name, kind] as const) : [];
}
