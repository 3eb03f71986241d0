import type { JsonObject } from '../../../core/wire/enrollment.ts';
import { isJsonObject } from '../twins/json-value.ts';
import type { Aggregate, Arithmetic, Collection, Comparison, Expression, Field, Path, Query } from './query.ts';

/** Returns the rows of a query over the documents of its collection. */
export function runQuery(query: Query, documents: readonly JsonObject[]): readonly JsonObject[] {
  const { fields, groupBy, top } = query;
  const found = matching(query, documents);
  const isGrouped = groupBy !== undefined || fields?.some((field) => 'aggregate' in field) === true;
  const at = lookup(query.from);
  if (fields === undefined) return found.slice(0, top);
  const groups = isGrouped ? groupsOf(found, groupBy, at) : found.map((each) => [each]);
  return groups.slice(0, top).map((group) => rowOf(group, fields, at));
}

/** Returns the documents that meet the condition of a query. */
export function matching({ from, where }: Query, documents: readonly JsonObject[]): readonly JsonObject[] {
  const at = lookup(from);
  // A document is selected only if the value of the condition is `true`.
  return documents.filter((each) => where === undefined || valueOf(where, each, at) === true);
}

type Lookup = (document: JsonObject, path: Path) => unknown;

/** Returns a function that looks up a path in a document. The path may begin with the name of the collection. */
function lookup(from: Collection): Lookup {
  const prefix = from.split('.');
  return (document, path) => {
    const isPrefixed = prefix.every((word, index) => word === path[index]?.toLowerCase());
    return valueAt(document, isPrefixed && path.length > prefix.length ? path.slice(prefix.length) : path);
  };
}

/** Groups the documents. If the query has no GROUP BY, all documents form one group, even if there are no documents. */
function groupsOf(documents: readonly JsonObject[], groupBy: readonly Path[] | undefined, at: Lookup) {
  if (groupBy === undefined) return [documents];
  const groups = new Map<string, JsonObject[]>();
  for (const document of documents) {
    const key = JSON.stringify(groupBy.map((path) => at(document, path) ?? null));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [document]);
    else group.push(document);
  }
  return [...groups.values()];
}

function rowOf(group: readonly JsonObject[], fields: readonly Field[], at: Lookup): JsonObject {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value =
        'aggregate' in field ? aggregated(field.aggregate, field.path, group, at) : at(group[0] ?? {}, field.path);
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

/**
 * Computes an aggregate. `count` counts all documents, or the documents with a value at `path`. The other aggregates
 * use only numbers, and are undefined if the group has no number at `path`.
 */
function aggregated(aggregate: Aggregate, path: Path | undefined, group: readonly JsonObject[], at: Lookup) {
  const values = path === undefined ? group : group.map((each) => at(each, path)).filter((each) => each !== undefined);
  if (aggregate === 'count') return values.length;
  const numbers = values.filter((each) => typeof each === 'number');
  if (numbers.length === 0) return undefined;
  if (aggregate === 'min') return Math.min(...numbers);
  if (aggregate === 'max') return Math.max(...numbers);
  const sum = numbers.reduce((total, each) => total + each, 0);
  return aggregate === 'sum' ? sum : sum / numbers.length;
}

function valueOf(expression: Expression, document: JsonObject, at: Lookup): unknown {
  const of = (inner: Expression): unknown => valueOf(inner, document, at);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'path':
      return at(document, expression.path);
    case 'defined':
      return at(document, expression.path) !== undefined;
    case 'and':
      return expression.all.every((each) => of(each) === true);
    case 'or':
      return expression.all.some((each) => of(each) === true);
    case 'not':
      return of(expression.inner) !== true;
    case 'in': {
      const value = of(expression.value);
      return value !== undefined && expression.list.some((each) => of(each) === value);
    }
    case 'compare':
      return compares(of(expression.left), expression.sign, of(expression.right));
    case 'arithmetic':
      return calculated(of(expression.left), expression.sign, of(expression.right));
  }
}

/**
 * Compares two primitive values. Returns false if a value is missing, and if `<`, `>` or similar compares values of different
 * types.
 */
function compares(left: unknown, sign: Comparison, right: unknown): boolean {
  if (!isPrimitive(left) || !isPrimitive(right)) return false;
  if (sign === '=') return left === right;
  if (sign === '!=') return left !== right;
  const order = orderOf(left, right);
  if (order === undefined) return false;
  if (sign === '<') return order < 0;
  if (sign === '<=') return order <= 0;
  return sign === '>' ? order > 0 : order >= 0;
}

function isPrimitive(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function orderOf(one: unknown, other: unknown): number | undefined {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : one === other ? 0 : 1;
  return undefined;
}

function calculated(left: unknown, sign: Arithmetic, right: unknown): number | undefined {
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  const value = { '+': left + right, '-': left - right, '*': left * right, '/': left / right, '%': left % right }[sign];
  return Number.isFinite(value) ? value : undefined;
}

function valueAt(document: JsonObject, path: Path): unknown {
  let value: unknown = document;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
