import type { JsonObject } from '../../../core/enrollment.ts';
import { isJsonObject } from '../json-value.ts';
import type { Comparison, Condition, Literal, Query } from './query.ts';

/** The rows of `documents` that a query asks for. */
export function runQuery({ fields, where }: Query, documents: readonly JsonObject[]): readonly JsonObject[] {
  const rows = documents.filter((document) => where === undefined || holds(where, document));
  if (fields === undefined) return rows;
  return rows.map((row) =>
    Object.fromEntries(
      fields.flatMap(({ path, name }) => {
        const value = valueAt(row, path);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  );
}

function holds(condition: Condition, document: JsonObject): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.all.every((each) => holds(each, document));
    case 'or':
      return condition.all.some((each) => holds(each, document));
    case 'not':
      return !holds(condition.inner, document);
    case 'defined':
      return valueAt(document, condition.path) !== undefined;
    case 'in':
      return condition.values.some((value) => value === valueAt(document, condition.path));
    case 'compare':
      return compares(valueAt(document, condition.path), condition.sign, condition.value);
  }
}

/** What is not there, and what is of another type, compares with nothing. */
function compares(found: unknown, sign: Comparison, value: Literal): boolean {
  if (found === undefined) return false;
  if (sign === '=') return found === value;
  if (sign === '!=') return found !== value;
  const order = orderOf(found, value);
  if (order === undefined) return false;
  if (sign === '<') return order < 0;
  if (sign === '<=') return order <= 0;
  return sign === '>' ? order > 0 : order >= 0;
}

function orderOf(one: unknown, other: Literal): number | undefined {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : one === other ? 0 : 1;
  return undefined;
}

function valueAt(document: JsonObject, path: string): unknown {
  let value: unknown = document;
  for (const name of path.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
