import type { JsonObject } from '../../../core/wire/enrollment.ts';
import { isJsonObject } from '../twins/json-value.ts';
import type { Twin } from '../twins/twins.ts';

/** Values and metadata of one JSON object inside a twin. */
interface Level {
  readonly values: JsonObject;
  readonly metadata: JsonObject;
}

/**
 * Returns the digital twin of a device: its twin, read by the conventions of IoT Plug and Play. An object with `"__t": "c"` is
 * a component. `{value, ac, av, ad}` acknowledges a writable property ("Understand IoT Plug and Play digital twins").
 */
export function digitalTwinOf({ deviceId, desired, reported, modelId }: Twin): JsonObject {
  const { contents, metadata } = levelOf(desired, reported);
  return { $dtId: deviceId, ...contents, $metadata: { $model: modelId ?? '', ...metadata } };
}

/** Returns true if a value of a twin is a component. */
export function isComponent(value: unknown): value is JsonObject {
  return isJsonObject(value) && value['__t'] === 'c';
}

function levelOf(desired: Level, reported: Level): { readonly contents: JsonObject; readonly metadata: JsonObject } {
  const names = new Set([...Object.keys(reported.values), ...Object.keys(desired.values)]);
  names.delete('__t');
  const contents = new Map<string, unknown>();
  const metadata = new Map<string, unknown>();
  for (const name of names) {
    const [wanted, reportedValue] = [own(desired.values, name), own(reported.values, name)];
    if (isComponent(wanted) || isComponent(reportedValue)) {
      const inner = levelOf(below(desired, name), below(reported, name));
      contents.set(name, { ...inner.contents, $metadata: inner.metadata });
      continue;
    }
    const acknowledged =
      isJsonObject(reportedValue) && Object.hasOwn(reportedValue, 'value') && Object.hasOwn(reportedValue, 'ac')
        ? reportedValue
        : undefined;
    if (reportedValue !== undefined)
      contents.set(name, acknowledged === undefined ? reportedValue : acknowledged['value']);
    const [desiredNote, reportedNote] = [noteOf(desired, name), noteOf(reported, name)];
    metadata.set(name, {
      ...(wanted === undefined ? {} : { desiredValue: wanted, desiredVersion: desiredNote['$lastUpdatedVersion'] }),
      ...(acknowledged === undefined
        ? {}
        : { ackVersion: acknowledged['av'], ackCode: acknowledged['ac'], ackDescription: acknowledged['ad'] }),
      lastUpdateTime: reportedNote['$lastUpdated'] ?? desiredNote['$lastUpdated'],
    });
  }
  return { contents: Object.fromEntries(contents), metadata: Object.fromEntries(metadata) };
}

function below({ values, metadata }: Level, name: string): Level {
  const [inner, notes] = [own(values, name), own(metadata, name)];
  return { values: isJsonObject(inner) ? inner : {}, metadata: isJsonObject(notes) ? notes : {} };
}

function noteOf({ metadata }: Level, name: string): JsonObject {
  const note = own(metadata, name);
  return isJsonObject(note) ? note : {};
}

function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
