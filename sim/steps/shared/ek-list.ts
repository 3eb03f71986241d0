import { done, failed, type Result } from '../../../core/result.ts';
import { readStorageKey } from '../../../core/tpm/public-area.ts';

/** A list of endorsement keys from a TPM maker, after it was read. */
export interface EkList {
  /** Public endorsement keys (TPM2B_PUBLIC), by the name of the TPM. */
  readonly keys: ReadonlyMap<string, Buffer>;
  /** One sentence for each wrong line. */
  readonly mistakes: readonly string[];
}

/** Writes the list for a delivery of TPMs: one line per TPM, with its endorsement key in base64. */
export function writeEkList(entries: Iterable<readonly [chip: string, endorsementKey: Buffer]>): string {
  const lines = [...entries].map(([chip, key]) => `${chip},${key.toString('base64')}`);
  return [header, ...lines, ''].join('\n');
}

/** Reads a list of endorsement keys. A malformed line is a mistake and gives no key. It is also a mistake if two TPMs have the same key. */
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
    const checked = checkLine(chip, key, more.length, keys);
    if (!checked.ok) {
      mistakes.push(`line ${index + 2}: ${checked.failure.sentence}`);
      continue;
    }
    const owner = owners.get(written);
    if (owner !== undefined) mistakes.push(`line ${index + 2}: ${chip} has the same key as ${owner}`);
    owners.set(written, chip);
    keys.set(chip, key);
  }
  return { keys, mistakes };
}

const header = 'chip,ek_pub';

/** Checks the fields of one line. */
function checkLine(chip: string, key: Buffer, more: number, keys: ReadonlyMap<string, Buffer>): Result<undefined> {
  if (chip === '' || more > 0) return failed('fields', 'expected a TPM and a key');
  if (keys.has(chip)) return failed('repeated', `${chip} is in the list twice`);
  const read = readStorageKey(key);
  return read.ok ? done : failed('key', `the key of ${chip} is not a storage key: ${read.failure.sentence}`);
}
