import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';
import { hubProblems, saying, type HubProblem } from '../hub-problems.ts';
import { isJsonObject } from '../twins/json-value.ts';

/**
 * Converts a JSON Patch (RFC 6902) of a digital twin to a patch of desired properties. A path names a property, a component, or
 * a property of a component.
 *
 * @param isKnownComponent returns true if the twin has a component with this name.
 */
export function readPatch(
  operations: unknown,
  isKnownComponent: (name: string) => boolean,
): Result<JsonObject, HubProblem> {
  if (!Array.isArray(operations) || operations.length === 0)
    return invalid('The body must be a non-empty list of operations.');
  const desired = new Map<string, unknown>();
  for (const operation of operations as readonly unknown[]) {
    if (!isJsonObject(operation)) return invalid('Each operation must be an object with op, path and value.');
    const { op, path, value } = operation;
    if (op !== 'add' && op !== 'replace' && op !== 'remove') return invalid('op must be add, replace or remove.');
    if (op !== 'remove' && value === undefined) return invalid(`The operation ${op} needs a value.`);
    const [name, inner, ...more] = namesOf(path);
    if (name === undefined || more.length > 0) {
      const sentence = 'path must be /property, /component or /component/property.';
      return failedWith(saying(hubProblems.invalidPatchPath, sentence));
    }
    const next = op === 'remove' ? null : value;
    const former = desired.get(name);
    if (inner !== undefined) {
      desired.set(name, { ...(isJsonObject(former) ? former : {}), __t: 'c', [inner]: next });
    } else if (isJsonObject(next) && (isKnownComponent(name) || next['$metadata'] !== undefined)) {
      const { $metadata: _metadata, ...properties } = next;
      desired.set(name, { ...properties, __t: 'c' });
    } else {
      desired.set(name, next);
    }
  }
  return succeeded(Object.fromEntries(desired));
}

/** Returns the names in a JSON Pointer (RFC 6901); an empty list if the pointer is not valid for a digital twin. */
function namesOf(path: unknown): readonly string[] {
  if (typeof path !== 'string' || !path.startsWith('/')) return [];
  const names = path
    .slice(1)
    .split('/')
    .map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.some((name) => name === '' || name.startsWith('$')) ? [] : names;
}

function invalid(message: string): Result<never, HubProblem> {
  return failedWith(saying(hubProblems.invalidJsonPatch, message));
}
