import type { JsonObject } from '../../../core/wire/enrollment.ts';
import { isJsonObject } from './json-value.ts';

/** Desired or reported properties: the values, when each was last written, and how often the section was. */
export interface TwinSection {
  readonly values: JsonObject;
  readonly metadata: JsonObject;
  readonly version: number;
}

/** How a write marks what it touched. */
interface Stamp {
  readonly at: string;
  /** Only desired properties say in which version they were written. */
  readonly version: number | undefined;
}

/** A section as it comes into being, before anybody has written. @param at an instant, ISO 8601. */
export function emptySection(at: string): TwinSection {
  return { values: {}, metadata: { $lastUpdated: at }, version: 1 };
}

/** RFC 7396: names that are given are written, null removes, objects are merged, everything else is left alone. */
export function mergeSection(section: TwinSection, patch: JsonObject, at: string, versioned: boolean): TwinSection {
  const version = section.version + 1;
  const stamp = { at, version: versioned ? version : undefined };
  const { values, metadata } = merge(section.values, section.metadata, patch, stamp);
  return { values, metadata, version };
}

/** Everything that was there goes, `values` come. */
export function replaceSection(section: TwinSection, values: JsonObject, at: string, versioned: boolean): TwinSection {
  return mergeSection({ ...section, values: {}, metadata: {} }, values, at, versioned);
}

/** As it is written in a twin: the values with `$metadata` and `$version` beside them. */
export function sectionDocument({ values, metadata, version }: TwinSection): JsonObject {
  return { ...values, $metadata: metadata, $version: version };
}

/** The way back: a section from what `sectionDocument` wrote; what is missing is as in a new one. */
export function sectionFrom(document: JsonObject, at: string): TwinSection {
  const { $metadata: metadata, $version: version, ...values } = document;
  return {
    values,
    metadata: isJsonObject(metadata) ? metadata : { $lastUpdated: at },
    version: typeof version === 'number' ? version : 1,
  };
}

/** The values of `patch` merged into `values`, without metadata; for tags, which have none. */
export function mergeValues(values: JsonObject, patch: JsonObject): JsonObject {
  return merge(values, {}, patch, { at: '', version: undefined }).values;
}

function merge(values: JsonObject, metadata: JsonObject, patch: JsonObject, stamp: Stamp) {
  const nextValues = new Map(Object.entries(values));
  const nextMetadata = new Map([...Object.entries(metadata), ...Object.entries(marks(stamp))]);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      nextValues.delete(key);
      nextMetadata.delete(key);
    } else if (isJsonObject(value)) {
      const inner = merge(objectAt(values, key), objectAt(values, key, metadata), value, stamp);
      nextValues.set(key, inner.values);
      nextMetadata.set(key, inner.metadata);
    } else {
      nextValues.set(key, value);
      nextMetadata.set(key, marks(stamp));
    }
  }
  return { values: Object.fromEntries(nextValues), metadata: Object.fromEntries(nextMetadata) };
}

/** What stands under `key` in `from`, as far as `values` has an object there: where it has none, nothing is merged. */
function objectAt(values: JsonObject, key: string, from: JsonObject = values): JsonObject {
  const has = Object.hasOwn(values, key) && isJsonObject(values[key]) && Object.hasOwn(from, key);
  const found = has ? from[key] : undefined;
  return isJsonObject(found) ? found : {};
}

function marks({ at, version }: Stamp): JsonObject {
  return { $lastUpdated: at, ...(version === undefined ? {} : { $lastUpdatedVersion: version }) };
}
