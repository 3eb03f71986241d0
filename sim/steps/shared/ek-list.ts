import { readStorageKey } from '../../../core/tpm/public-area.ts';

/** What a TPM maker's list says, as far as it can be believed. */
export interface EkList {
  /** TPM2B_PUBLIC by chip. */
  readonly keys: ReadonlyMap<string, Buffer>;
  /** What is wrong with its lines, in sentences. */
  readonly mistakes: readonly string[];
}

/** Writes the list that travels with a delivery of TPMs: a line per chip, its key in base64. */
export function writeEkList(entries: Iterable<readonly [chip: string, endorsementKey: Buffer]>): string {
  const lines = [...entries].map(([chip, key]) => `${chip},${key.toString('base64')}`);
  return [header, ...lines, ''].join('\n');
}

/** Reads a list. A line that cannot be right on its own face is told and left out; a key that stands twice is told. */
export function readEkList(text: string): EkList {
  const keys = new Map<string, Buffer>();
  const mistakes: string[] = [];
  const owners = new Map<string, string>();
  const [first, ...lines] = text.split('\n');
  if (first !== header) mistakes.push(`line 1: expected "${header}", found "${first ?? ''}"`);
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const [chip = '', written = '', ...more] = line.split(',');
    const key = Buffer.from(written, 'base64');
    const problem = problemOf(chip, key, more.length, keys);
    if (problem !== undefined) mistakes.push(`line ${index + 2}: ${problem}`);
    if (problem !== undefined) continue;
    const owner = owners.get(written);
    if (owner !== undefined) mistakes.push(`line ${index + 2}: ${chip} has the same key as ${owner}`);
    owners.set(written, chip);
    keys.set(chip, key);
  }
  return { keys, mistakes };
}

const header = 'chip,ek_pub';

function problemOf(chip: string, key: Buffer, more: number, keys: ReadonlyMap<string, Buffer>): string | undefined {
  if (chip === '' || more > 0) return 'expected a chip and a key';
  if (keys.has(chip)) return `${chip} stands in the list already`;
  const read = readStorageKey(key);
  return read.ok ? undefined : `the key of ${chip} is none: ${read.failure.sentence}`;
}
