import { defined } from '../../../../core/defined.ts';
import type { JsonObject } from '../../../../core/wire/enrollment.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import type { TwinWrite } from '../../../hub/twins/twins.ts';

/**
 * Reads what a twin document writes: tags and desired properties, null to clear a section. What only the hub writes is
 * ignored.
 */
export function readTwinWrite(
  value: unknown,
  kind: 'patch' | 'replace',
): { readonly write: TwinWrite } | { readonly problem: HubProblem } {
  const invalid = { problem: saying(hubProblems.argumentInvalid, 'Tags and properties are JSON objects.') };
  if (!isJsonObject(value)) return invalid;
  const properties = value['properties'] ?? {};
  if (!isJsonObject(properties)) return invalid;
  const absent = kind === 'replace' ? {} : undefined;
  const { tags = absent } = value;
  const { desired = absent } = properties;
  if (!isSection(tags) || !isSection(desired)) return invalid;
  return {
    write: {
      ...defined({ tags }),
      ...(desired === undefined ? {} : { desired: desired === null ? null : withoutNotes(desired) }),
    },
  };
}

function isSection(value: unknown): value is JsonObject | null | undefined {
  return value === undefined || value === null || isJsonObject(value);
}

/** Clients send back `$metadata` and `$version` as they got them. */
function withoutNotes({ $metadata: _metadata, $version: _version, ...desired }: JsonObject): JsonObject {
  return desired;
}
