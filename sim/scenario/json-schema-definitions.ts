/** A JSON Schema, or a part of one, as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Returns a schema in which every occurrence of a definition is a reference to its entry in `$defs`. An occurrence may have its
 * own description and default, which are kept next to the reference (allowed since draft 2019-09, and supported by editors).
 *
 * @param definitions by name; a definition may contain others.
 */
export function withDefinitions(schema: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const nameByRules = new Map(Object.entries(definitions).map(([name, one]) => [rulesOf(one), name]));
  const inside = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shortened);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([word, inner]) => [word, shortened(inner)]));
  };
  const shortened = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return inside(value);
    const name = nameByRules.get(rulesOf(value));
    if (name === undefined) return inside(value);
    const own = annotationsOf(value).filter(([word, text]) => definitions[name]?.[word] !== text);
    return { $ref: `#/$defs/${name}`, ...Object.fromEntries(own) };
  };
  const used = inside(schema) as JsonSchema;
  const $defs = Object.fromEntries(Object.entries(definitions).map(([name, one]) => [name, inside(one)]));
  return { ...used, $defs };
}

const annotations: ReadonlySet<string> = new Set(['description', 'default']);

function annotationsOf(schema: object): readonly (readonly [string, unknown])[] {
  return Object.entries(schema).filter(([word]) => annotations.has(word));
}

/** Returns a schema without its annotations, as text. Schemas with equal rules give equal texts. */
function rulesOf(schema: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(schema).filter(([word]) => !annotations.has(word))));
}
