import { isMap, isScalar, isSeq, parseDocument, stringify, type YAMLSeq } from 'yaml';

/** A step as it is written in a timeline, such as `{ enroll: 'sensor' }`. */
export type WrittenStep = Readonly<Record<string, unknown>>;

/**
 * Writes steps before a step of the timeline. Every other character of the text stays.
 * @param index index of the step, from 0; the number of steps puts them at the end.
 * @returns undefined if the timeline is not a block list.
 */
export function insertSteps(text: string, index: number, steps: readonly WrittenStep[]): string | undefined {
  const items = itemsOf(text);
  if (items === undefined || index > items.length) return undefined;
  const [first] = items;
  if (first === undefined) return undefined;
  const place = items[index]?.start ?? items.at(-1)?.end ?? text.length;
  const lines = steps.map((step) => `${first.indent}- ${stepText(step)}\n`).join('');
  const isCut = place > 0 && text[place - 1] !== '\n';
  return `${text.slice(0, place)}${isCut ? '\n' : ''}${lines}${text.slice(place)}`;
}

/**
 * Removes a step. If the next step has no `after`, it gets the `after` of the removed step, so that later steps keep their time.
 * @returns undefined if the timeline is not a block list, or if it has only this step.
 */
export function removeStep(text: string, index: number): string | undefined {
  const items = itemsOf(text);
  const item = items?.[index];
  if (items === undefined || item === undefined || items.length === 1) return undefined;
  const next = items[index + 1];
  const rest = next === undefined ? '' : text.slice(next.start);
  const moved =
    item.after === undefined || next === undefined || next.after !== undefined
      ? rest
      : `${text.slice(next.start, next.end).trimEnd()}\n${next.indent}  after: ${item.after}\n${text.slice(next.end)}`;
  const between = text.slice(item.end, next?.start ?? text.length);
  return `${text.slice(0, item.start)}${between}${moved}`;
}

/** Returns the number of steps in the timeline; 0 if it is not a block list. */
export function countSteps(text: string): number {
  return itemsOf(text)?.length ?? 0;
}

/** Returns a step as one line of YAML, such as `enroll: sensor`. */
export function stepText(step: WrittenStep): string {
  const [[name, args] = ['', undefined]] = Object.entries(step);
  return `${name}: ${stringify(args, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`;
}

interface Item {
  /** Offset of the first line of the step. `end` is the offset of the line after its last line. */
  readonly start: number;
  readonly end: number;
  /** The spaces before the dash of the step. */
  readonly indent: string;
  /** The wait before the step, as it is written. */
  readonly after: string | undefined;
}

function itemsOf(text: string): readonly Item[] | undefined {
  const document = parseDocument(text);
  const timeline: unknown = document.get('timeline', true);
  if (!isSeq(timeline) || timeline.flow === true || document.errors.length > 0) return undefined;
  const items = timeline.items.map((_item, index) => itemOf(text, timeline, index));
  return items.every((item) => item !== undefined) ? items : undefined;
}

function itemOf(text: string, timeline: YAMLSeq, index: number): Item | undefined {
  const item = timeline.items[index];
  if (!isMap(item) || !item.range) return undefined;
  const start = text.lastIndexOf('\n', item.range[0] - 1) + 1;
  const indent = /^ */.exec(text.slice(start))?.[0] ?? '';
  // Lines of comments before the next step belong to the next step.
  const lineEnd = text.indexOf('\n', Math.max(item.range[0], item.range[1] - 1));
  const after = item.items.find(({ key }) => isScalar(key) && key.value === 'after')?.value;
  const written = isScalar(after) && after.range ? text.slice(after.range[0], after.range[1]) : undefined;
  return text[start + indent.length] === '-'
    ? { start, end: lineEnd < 0 ? text.length : lineEnd + 1, indent, after: written }
    : undefined;
}
