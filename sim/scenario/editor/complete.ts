import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { trimEndOf } from '../../../core/trim-characters.ts';
import { z } from 'zod';
import { aliasInItself } from '../mistakes/alias-in-itself.ts';
import type { StepKind } from '../../steps/define-step.ts';
import type { Vocabulary } from '../load.ts';
import { frameSchema } from '../read-timeline.ts';
import { namesIn } from '../names-in.ts';
import type { Names } from '../mistakes/references.ts';
import { headSchema } from '../schema.ts';
import { schemaAt, unwrap } from './schema-at.ts';
import { metaOf } from '../meta-of.ts';
import type { Path } from '../yaml-source.ts';

/** One completion at the cursor. */
interface Completion {
  readonly label: string;
  /** Text to insert. A YAML key with a value ends with a colon. */
  readonly insert: string;
  readonly detail: string;
}

/** All completions at the cursor, and the range of text that they replace. Offsets count characters. */
export interface Completions {
  readonly from: number;
  readonly options: readonly Completion[];
}

/** Returns the completions at an offset of a scenario file: keys of the schema, steps, values, and names that the file defines. */
export function complete(text: string, offset: number, { steps, topics, attacks = [] }: Vocabulary): Completions {
  let from = offset;
  while (from > 0 && /[\w-]/.test(text.charAt(from - 1))) from--;
  const begun = text.slice(from, offset);
  const rest = text.slice(offset).replace(/^[\w-]*/, '');
  const before = text.slice(0, from);
  const isValue = /:[ \t]+$|[[,][ \t]*$/.test(before) && !isBehindComma(before);
  const asKey = pathOf(`${before}${here}: 1${rest.replace(/^[ \t]*:[^\n,}]*/, '')}`, 'key');
  const asValue = pathOf(`${before}${here}${rest}`, 'value');
  const schemas = { kinds: steps, names: namesOf(`${before}${here}${rest}`), topics, attacks };
  const options = isValue
    ? valuesAt(asValue, schemas)
    : asKey === undefined
      ? valuesAt(asValue, schemas)
      : wordsAt(asKey, schemas);
  return { from, options: options.filter(({ label }) => label.startsWith(begun)) };
}

/** Returns true if a text ends after a comma inside the braces of a map. A YAML key must follow there. */
function isBehindComma(before: string): boolean {
  const open = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('}')) + 1);
  return open.includes('{') && trimEndOf(open, ' \t').endsWith(',');
}

const here = 'completionGoesHere';

interface Schemas {
  readonly kinds: readonly StepKind[];
  readonly names: Names;
  readonly topics: readonly string[];
  readonly attacks: readonly string[];
}

interface Found {
  readonly path: Path;
  /** Values of the part of the file that is valid YAML. */
  readonly tree: unknown;
}

/**
 * Returns the path of the mark `here`, which this module has inserted at the cursor: the path of the map if the mark is a key, or of the
 * value if the mark is a value.
 */
function pathOf(text: string, as: 'key' | 'value'): Found | undefined {
  const document = parseDocument(text, { strict: false, uniqueKeys: false });
  const search = (node: unknown, path: Path): Path | undefined => {
    if (isScalar(node)) return as === 'value' && node.value === here ? path : undefined;
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const found = search(item, [...path, index]);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    if (!isMap(node)) return undefined;
    for (const { key, value } of node.items) {
      const word = isScalar(key) ? String(key.value) : '';
      if (as === 'key' && word === here) return path;
      const found = search(value, [...path, word]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const path = search(document.contents, []);
  return path === undefined ? undefined : { path, tree: valuesOf(document) };
}

function valuesOf(document: ReturnType<typeof parseDocument>): unknown {
  if (aliasInItself(document) !== undefined) return undefined;
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function namesOf(text: string): Names {
  const tree = valuesOf(parseDocument(text, { strict: false, uniqueKeys: false }));
  return namesIn(isPlainMap(tree) ? tree : {});
}

/** Returns the keys that the map at a path may contain. */
function wordsAt({ path, tree }: Found, schemas: Schemas): readonly Completion[] {
  const used = usedOf(path, tree);
  const [root, index, step, ...below] = used;
  if (used.length === 0) {
    const more = {
      matrix: 'Variants: the timeline runs once for each entry.',
      timeline: 'Steps of the scenario, in order.',
    };
    return [
      ...shapeWords(headSchema),
      ...Object.entries(more).map(([label, detail]) => ({ label, insert: `${label}:`, detail })),
    ];
  }
  if (root !== 'timeline') return shapeWords(schemaAt(headSchema, used));
  if (index === undefined) return [];
  if (step === undefined) {
    const steps = schemas.kinds.map(({ name, summary }) => ({ label: name, insert: `${name}: `, detail: summary }));
    return [...steps, ...shapeWords(frameSchema)];
  }
  if (step === 'expect') return shapeWords(schemaAt(frameSchema, ['expect', ...below]));
  const kind = schemas.kinds.find(({ name }) => name === step);
  return kind === undefined ? [] : shapeWords(schemaAt(kind.args, below));
}

function shapeWords(schema: z.core.$ZodType | undefined): readonly Completion[] {
  const inner = schema === undefined ? undefined : unwrap(schema);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape).map(([label, word]) => ({
    label,
    insert: `${label}: `,
    detail: metaOf(word).description ?? '',
  }));
}

/** Returns the values that are allowed at a path. */
function valuesAt(found: Found | undefined, schemas: Schemas): readonly Completion[] {
  if (found === undefined) return [];
  const used = usedOf(found.path, found.tree);
  const [root, , step, ...below] = used;
  if (root === 'covers') return schemas.topics.map((label) => ({ label, insert: label, detail: 'A topic.' }));
  if (root === 'attack') return schemas.attacks.map((label) => ({ label, insert: label, detail: 'An attack.' }));
  if (root !== 'timeline') return valuesOfSchema(placeOf(headSchema, used), schemas.names);
  if (step === undefined) {
    return schemas.kinds.map(({ name, summary }) => ({ label: name, insert: `${name}: `, detail: summary }));
  }
  if (step === 'after' || step === 'at' || step === 'expect') {
    return valuesOfSchema(placeOf(frameSchema, [step, ...below]), schemas.names);
  }
  const kind = schemas.kinds.find(({ name }) => name === step);
  if (kind === undefined) return [];
  return valuesOfSchema(placeOf(kind.args, below.length === 0 ? [kind.shorthand] : below), schemas.names);
}

/** Returns the schema at a path with its optional and default wrappers, because these wrappers have the description and the reference. */
function placeOf(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  const parent = schemaAt(schema, path.slice(0, -1));
  const word = String(path.at(-1));
  if (parent instanceof z.ZodObject) return parent.shape[word];
  if (parent instanceof z.ZodArray) return parent.element;
  return schemaAt(schema, path);
}

function valuesOfSchema(schema: z.core.$ZodType | undefined, names: Names): readonly Completion[] {
  if (schema === undefined) return [];
  const inner = unwrap(schema);
  const detail = metaOf(schema).description ?? '';
  const given = (labels: readonly string[]): readonly Completion[] =>
    labels.map((label) => ({ label, insert: label, detail }));
  const { reference, examples } = metaOf(schema);
  if (reference !== undefined) return given(names[reference]);
  if (inner instanceof z.ZodEnum) return given(inner.options.map(String));
  if (inner instanceof z.ZodBoolean) return given(['true', 'false']);
  if (inner instanceof z.ZodLiteral) return given([...inner.values].map(String));
  if (inner instanceof z.ZodUnion) {
    return inner.options.flatMap((option) => valuesOfSchema(option, names));
  }
  if (inner instanceof z.ZodArray) return valuesOfSchema(inner.element, names);
  return given((examples ?? []).map(String));
}

/** Converts a path in the matrix to the path of the placeholder that uses this matrix value. */
function usedOf(path: Path, tree: unknown): Path {
  const [root, , word, ...below] = path;
  if (root !== 'matrix' || word === undefined || !isPlainMap(tree)) return path;
  const { matrix: _matrix, ...rest } = tree;
  const asking = askingFor(`\${${String(word)}}`, rest, []);
  return asking === undefined ? path : [...asking, ...below];
}

function askingFor(word: string, value: unknown, path: Path): Path | undefined {
  if (value === word) return path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = askingFor(word, inner, [...path, Array.isArray(value) ? Number(name) : name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
