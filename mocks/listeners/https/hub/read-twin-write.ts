import { defined } from '../../../../core/defined.ts';
import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import type { JsonObject } from '../../../../core/wire/enrollment.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import type { TwinWrite } from '../../../hub/twins/twins.ts';

/**
 * Reads the changes in the JSON of a twin: tags and desired properties. Null clears a section. Ignores properties that only the
 * hub sets.
 */
export function readTwinWrite(value: unknown, kind: 'patch' | 'replace'): Result<TwinWrite, HubProblem> {
  const invalid = failedWith(
    saying(hubProblems.argumentInvalid, 'tags, properties and properties.desired must be JSON objects.'),
  );
  if (!isJsonObject(value)) return invalid;
  const properties = value['properties'] ?? {};
  if (!isJsonObject(properties)) return invalid;
  const absent = kind === 'replace' ? {} : undefined;
  const { tags = absent } = value;
  const { desired = absent } = properties;
  if (!isSection(tags) || !isSection(desired)) return invalid;
  return succeeded({
    ...defined({ tags }),
    ...(desired === undefined ? {} : { desired: desired === null ? null : withoutNotes(desired) }),
  });
}

function isSection(value: unknown): value is JsonObject | null | undefined {
  return value === undefined || value === null || isJsonObject(value);
}

/** Removes `$metadata` and `$version`, because some clients send back a twin as they received it. */
function withoutNotes({ $metadata: _metadata, $version: _version, ...desired }: JsonObject): JsonObject {
  return desired;
}
