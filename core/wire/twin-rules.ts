import type { InitialTwin, JsonObject } from './enrollment.ts';
import type { FidelitySettings } from '../cloud/fidelity.ts';

/** The documented limits of a twin. */
const twinLimits = {
  tagsBytes: 8 * 1024,
  propertiesBytes: 32 * 1024,
  /** Maximum depth of nested objects in a section. */
  depth: 10,
  nameBytes: 1024,
  valueBytes: 4096,
  integerFrom: -4503599627370496,
  integerTo: 4503599627370495,
} as const;

/** The first value in a twin that breaks a rule. */
export interface TwinViolation {
  /** Names of the members that lead to the value, outermost first. */
  readonly path: readonly string[];
  readonly sentence: string;
}

type Rules = Pick<FidelitySettings, 'hashInTwinNames'>;

/**
 * Returns the first violation in a section of a twin, or undefined if there is none. The caller must remove `$metadata`
 * and `$version` first. The hub, DPS and the scenario check share these rules.
 */
export function twinViolation(
  section: 'tags' | 'desired' | 'reported',
  values: JsonObject,
  rules: Rules,
): TwinViolation | undefined {
  const violation = violationIn(values, [], rules);
  if (violation !== undefined) return violation;
  const size = sizeOf(values);
  const limit = section === 'tags' ? twinLimits.tagsBytes : twinLimits.propertiesBytes;
  return size <= limit
    ? undefined
    : { path: [], sentence: `${section} has ${size} bytes; at most ${limit} are allowed.` };
}

/**
 * Returns the first violation in an initial twin, or undefined if there is none. The path of the violation begins with
 * `tags`, or with `properties` and `desired`.
 */
export function initialTwinViolation({ tags, properties }: InitialTwin, rules: Rules): TwinViolation | undefined {
  const inTags = twinViolation('tags', tags ?? {}, rules);
  if (inTags !== undefined) return { ...inTags, path: ['tags', ...inTags.path] };
  const inDesired = twinViolation('desired', properties?.desired ?? {}, rules);
  return inDesired && { ...inDesired, path: ['properties', 'desired', ...inDesired.path] };
}

function violationIn(value: unknown, path: readonly string[], rules: Rules): TwinViolation | undefined {
  const { valueBytes, integerFrom, integerTo, depth } = twinLimits;
  const broken = (sentence: string): TwinViolation => ({ path, sentence });
  if (typeof value === 'string' && Buffer.byteLength(value) > valueBytes) {
    return broken(`A value has ${Buffer.byteLength(value)} bytes; at most ${valueBytes} are allowed.`);
  }
  if (typeof value === 'number' && Number.isInteger(value) && (value < integerFrom || value > integerTo)) {
    return broken(`The integer ${value} is not between ${integerFrom} and ${integerTo}.`);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length > depth) return broken(`The document is nested deeper than ${depth} levels.`);
  for (const [name, inner] of Object.entries(value)) {
    const inside = [...path, name];
    const violation =
      (Array.isArray(value) ? undefined : nameViolation(inside, rules)) ?? violationIn(inner, inside, rules);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** Checks the last name of a path against the rules for names. */
function nameViolation(path: readonly string[], { hashInTwinNames }: Rules): TwinViolation | undefined {
  const name = path.at(-1) ?? '';
  const broken = (sentence: string): TwinViolation => ({ path, sentence });
  if (name === '') return broken('A property or tag has an empty name; a name needs at least one character.');
  const bytes = Buffer.byteLength(name);
  if (bytes > twinLimits.nameBytes)
    return broken(`A name has ${bytes} bytes; at most ${twinLimits.nameBytes} are allowed.`);
  const hash = hashInTwinNames === 'reject' ? '#' : '';
  // \p{Cc} matches the control characters of C0 and C1.
  if (!/[\p{Cc}.$ ]/u.test(name) && (hash === '' || !name.includes(hash))) return undefined;
  // Message of the real service, quoted in azure-iot-sdk-java#243.
  const listed = ["'.'", "'$'", ...(hash === '' ? [] : ["'#'"])].join(', ');
  return broken(
    `Property or Tag name has invalid characters. Error in Property/Tag ${name}. Must not contain Control Characters, ${listed}, or ' '.`,
  );
}

/**
 * Returns the size as the hub counts it: the bytes of names and strings, 8 bytes for a number, 4 for a boolean. Objects and
 * arrays count as the sum of their contents.
 */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 8;
  if (typeof value === 'boolean') return 4;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + sizeOf(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [name, inner]) => sum + Buffer.byteLength(name) + sizeOf(inner), 0);
}
