import { defined } from '../../../core/defined.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';
import { isJsonObject } from './json-value.ts';

/**
 * A section of a twin, desired or reported properties: the values, the metadata of their last writes, and the version of the
 * section.
 */
export interface TwinSection {
  readonly values: JsonObject;
  readonly metadata: JsonObject;
  readonly version: number;
}

/** The metadata that a write stores for each value. */
interface Stamp {
  readonly at: string;
  /** Version of the section after the write. Present only for desired properties. */
  readonly version: number | undefined;
}

/** Returns a new section without values. @param at instant of the creation, in ISO 8601. */
export function emptySection(at: string): TwinSection {
  return { values: {}, metadata: { $lastUpdated: at }, version: 1 };
}

/**
 * Applies a JSON merge patch (RFC 7396): null removes a value, objects are merged, and names that the patch omits stay
 * unchanged.
 */
export function mergeSection(section: TwinSection, patch: JsonObject, at: string, versioned: boolean): TwinSection {
  const version = section.version + 1;
  const stamp = { at, version: versioned ? version : undefined };
  const { values, metadata } = merge(section.values, section.metadata, patch, stamp);
  return { values, metadata, version };
}

/** Replaces all values of a section. */
export function replaceSection(section: TwinSection, values: JsonObject, at: string, versioned: boolean): TwinSection {
  return mergeSection({ ...section, values: {}, metadata: {} }, values, at, versioned);
}

/** Returns a section as a twin contains it: the values with `$metadata` and `$version`. */
export function sectionDocument({ values, metadata, version }: TwinSection): JsonObject {
  return { ...values, $metadata: metadata, $version: version };
}

/**
 * Reads a section that `sectionDocument` wrote. If its metadata are missing, the section gets the metadata of a new section.
 */
export function sectionFrom(document: JsonObject, at: string): TwinSection {
  const { $metadata: metadata, $version: version, ...values } = document;
  return {
    values,
    metadata: isJsonObject(metadata) ? metadata : { $lastUpdated: at },
    version: typeof version === 'number' ? version : 1,
  };
}

/** Applies a JSON merge patch to tags. Tags have no metadata. */
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

/** Returns the object at `key` in `from` if `values` also has an object at `key`; otherwise an empty object. */
function objectAt(values: JsonObject, key: string, from: JsonObject = values): JsonObject {
  const has = Object.hasOwn(values, key) && isJsonObject(values[key]) && Object.hasOwn(from, key);
  const found = has ? from[key] : undefined;
  return isJsonObject(found) ? found : {};
}

function marks({ at, version }: Stamp): JsonObject {
  return { $lastUpdated: at, ...defined({ $lastUpdatedVersion: version }) };
}
