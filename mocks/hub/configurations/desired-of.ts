import type { JsonObject } from '../../../core/wire/enrollment.ts';
import { isJsonObject } from '../twins/json-value.ts';
import type { Configuration } from './configuration.ts';

/**
 * The combined desired properties of several configurations, and the IDs of the configurations that set at least one of them.
 */
export interface Desire {
  /** A patch for the desired properties. The value null removes a property. */
  readonly desired: JsonObject;
  readonly applied: ReadonlySet<string>;
}

/**
 * Combines configurations. For each twin path the configuration with the highest priority wins. If two configurations
 * have this priority, the newer configuration wins (automatic-device-management, "Target devices").
 */
export function desiredOf(configurations: readonly Configuration[]): Desire {
  const byRank = configurations.toSorted(
    (one, other) => one.priority - other.priority || one.createdAt - other.createdAt,
  );
  const winners = new Map<string, { readonly id: string; readonly value: unknown }>();
  for (const { id, content } of byRank) {
    const paths = isJsonObject(content['deviceContent']) ? content['deviceContent'] : {};
    for (const [path, value] of Object.entries(paths)) {
      winners.delete(path);
      winners.set(path, { id, value });
    }
  }
  let desired: JsonObject = {};
  for (const [path, { value }] of winners) desired = overlay(desired, nested(path.split('.').slice(2), value));
  return { desired, applied: new Set([...winners.values()].map(({ id }) => id)) };
}

/**
 * Returns the patch that changes the former combined properties to the present ones.
 *
 * @param current the desired properties of the twin. The patch keeps values that other writers set.
 */
export function changeOf(before: JsonObject, now: JsonObject, current: JsonObject): JsonObject {
  return overlay(removed(before, now, current), now);
}

function nested(path: readonly string[], value: unknown): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return isJsonObject(value) ? value : {};
  return { [name]: rest.length === 0 ? value : nested(rest, value) };
}

/** Merges two patches like RFC 7396, but keeps null values, because they remove properties when the patch is applied. */
function overlay(under: JsonObject, over: JsonObject): JsonObject {
  const result = new Map(Object.entries(under));
  for (const [name, value] of Object.entries(over)) {
    const former = result.get(name);
    result.set(name, isJsonObject(value) && isJsonObject(former) ? overlay(former, value) : value);
  }
  return Object.fromEntries(result);
}

/**
 * Returns a patch for `current` that deletes the values of `before` that `now` lacks. The patch has null for each such
 * value, and for each object of `current` that would become empty.
 */
function removed(before: JsonObject, now: JsonObject, current: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(before).flatMap(([name, value]): readonly (readonly [string, unknown])[] => {
      const [isKept, found] = [Object.hasOwn(now, name), current[name]];
      if (!isJsonObject(value) || !isJsonObject(found)) return isKept ? [] : [[name, null]];
      const next = now[name];
      const inner = removed(value, isJsonObject(next) ? next : {}, found);
      const isEmptied = Object.keys(found).every((each) => inner[each] === null);
      return [[name, isEmptied && !isKept ? null : inner]];
    }),
  );
}
