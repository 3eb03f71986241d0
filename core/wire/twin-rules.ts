import type { InitialTwin, JsonObject } from './enrollment.ts';
import type { FidelitySettings } from '../cloud/fidelity.ts';

/** The documented limits of a twin; sizes in bytes. */
const twinLimits = {
  tagsBytes: 8 * 1024,
  propertiesBytes: 32 * 1024,
  /** Objects inside a section. */
  depth: 10,
  nameBytes: 1024,
  valueBytes: 4096,
  integerFrom: -4503599627370496,
  integerTo: 4503599627370495,
} as const;

/** What breaks a rule in a part of a twin: the names that lead there, and a sentence for people. */
export interface TwinTrouble {
  readonly path: readonly string[];
  readonly sentence: string;
}

type Rules = Pick<FidelitySettings, 'hashInTwinNames'>;

/**
 * Judges a section of a twin as a hub does, without `$metadata` and `$version`. Hub, DPS and the scenario check share it.
 *
 * @returns the first rule that is broken, or undefined.
 */
export function twinTrouble(
  section: 'tags' | 'desired' | 'reported',
  values: JsonObject,
  rules: Rules,
): TwinTrouble | undefined {
  const trouble = troubleIn(values, [], rules);
  if (trouble !== undefined) return trouble;
  const size = sizeOf(values);
  const limit = section === 'tags' ? twinLimits.tagsBytes : twinLimits.propertiesBytes;
  return size <= limit ? undefined : { path: [], sentence: `${section} has ${size} bytes where ${limit} are allowed.` };
}

/** Judges an initial twin. The path begins at the twin: `tags`, or `properties` and `desired`. */
export function initialTwinTrouble({ tags, properties }: InitialTwin, rules: Rules): TwinTrouble | undefined {
  const inTags = twinTrouble('tags', tags ?? {}, rules);
  if (inTags !== undefined) return { ...inTags, path: ['tags', ...inTags.path] };
  const inDesired = twinTrouble('desired', properties?.desired ?? {}, rules);
  return inDesired && { ...inDesired, path: ['properties', 'desired', ...inDesired.path] };
}

function troubleIn(value: unknown, path: readonly string[], rules: Rules): TwinTrouble | undefined {
  const { valueBytes, integerFrom, integerTo, depth } = twinLimits;
  const broken = (sentence: string): TwinTrouble => ({ path, sentence });
  if (typeof value === 'string' && Buffer.byteLength(value) > valueBytes) {
    return broken(`A value has ${Buffer.byteLength(value)} bytes where ${valueBytes} are allowed.`);
  }
  if (typeof value === 'number' && Number.isInteger(value) && (value < integerFrom || value > integerTo)) {
    return broken(`The integer ${value} is not between ${integerFrom} and ${integerTo}.`);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length > depth) return broken(`The document is nested deeper than ${depth} levels.`);
  for (const [name, inner] of Object.entries(value)) {
    const inside = [...path, name];
    const named = Array.isArray(value) ? undefined : nameTrouble(name, rules);
    const trouble = named === undefined ? troubleIn(inner, inside, rules) : { path: inside, sentence: named };
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

function nameTrouble(name: string, { hashInTwinNames }: Rules): string | undefined {
  if (name === '') return 'A property or tag has an empty name.';
  const bytes = Buffer.byteLength(name);
  if (bytes > twinLimits.nameBytes) return `A name has ${bytes} bytes where ${twinLimits.nameBytes} are allowed.`;
  const hash = hashInTwinNames === 'reject' ? '#' : '';
  // Control characters are those of C0 and C1.
  if (!/[\p{Cc}.$ ]/u.test(name) && (hash === '' || !name.includes(hash))) return undefined;
  // The sentence of the service, recorded in azure-iot-sdk-java#243.
  const listed = ["'.'", "'$'", ...(hash === '' ? [] : ["'#'"])].join(', ');
  return `Property or Tag name has invalid characters. Error in Property/Tag ${name}. Must not contain Control Characters, ${listed}, or ' '.`;
}

/** As the hub counts: names and texts by their bytes, numbers 8, booleans 4, objects and lists by what is in them. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 8;
  if (typeof value === 'boolean') return 4;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + sizeOf(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [name, inner]) => sum + Buffer.byteLength(name) + sizeOf(inner), 0);
}
