import type { Schema } from './schema.ts';

/** Returns a schema with each `$ref` to its `$defs` replaced by the definition. Properties next to the `$ref` override the definition. */
export function withoutReferences(schema: Schema): Schema {
  const { $defs = {}, ...rest } = schema;
  const resolved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== 'object' || value === null) return value;
    const { $ref, ...beside } = value as Readonly<Record<string, unknown>>;
    const name = typeof $ref === 'string' ? $ref.replace('#/$defs/', '') : undefined;
    const target = name === undefined ? {} : (resolved($defs[name] ?? {}) as object);
    return { ...target, ...Object.fromEntries(Object.entries(beside).map(([word, inner]) => [word, resolved(inner)])) };
  };
  return resolved(rest) as Schema;
}
