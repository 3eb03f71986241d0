import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endorsementKeyTemplate } from '../../../core/tpm/templates.ts';
import { tpm2b } from '../../../core/tpm/bytes.ts';
import { readEkList, writeEkList } from '../../../sim/steps/shared/ek-list.ts';

/** Returns a random endorsement key as a TPM2B_PUBLIC. */
function someKey(): Buffer {
  const modulus = randomBytes(256);
  modulus[0] = (modulus[0] ?? 0) | 0x80;
  modulus[255] = (modulus[255] ?? 0) | 1;
  // The template ends with an empty `unique` field. The modulus replaces this field.
  return tpm2b(Buffer.concat([endorsementKeyTemplate('sdk').subarray(0, -2), tpm2b(modulus)]));
}

describe('the endorsement-key list of a TPM maker', () => {
  test('is read back with the entries that were written', () => {
    const entries = [
      ['chip-1', someKey()],
      ['chip-2', someKey()],
    ] as const;
    expect(readEkList(writeEkList(entries))).toEqual({ keys: new Map(entries), mistakes: [] });
  });

  const [one, other] = [someKey().toString('base64'), someKey().toString('base64')];
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['a key twice', `chip,ek_pub\na,${one}\nb,${one}\n`, ['a', 'b'], ['line 3: b has the same key as a']],
    ['a TPM twice', `chip,ek_pub\na,${one}\na,${other}\n`, ['a'], ['line 3: a is in the list twice']],
    ['a truncated key', `chip,ek_pub\na,${one.slice(0, 200)}\nb,${other}`, ['b'], ['line 2: the key of a']],
    ['a line without a key', `chip,ek_pub\na\nb,${other}`, ['b'], ['line 2: the key of a is not a storage key']],
    ['a line without a TPM', `chip,ek_pub\n,${one}`, [], ['line 2: expected a TPM and a key']],
    ['an extra column', `chip,ek_pub\na,${one},x`, [], ['line 2: expected a TPM and a key']],
    ['the text of another kind of file', 'serial;key\n', [], ['line 1: expected "chip,ek_pub", found "serial;key"']],
    ['an empty text', '', [], ['line 1: expected "chip,ek_pub", found ""']],
  ])('with %s gives its valid keys and a mistake for the faulty line', (_what, text, chips, mistakes) => {
    const read = readEkList(text);
    expect([...read.keys.keys()]).toEqual(chips);
    expect(read.mistakes).toHaveLength(mistakes.length);
    for (const [index, sentence] of mistakes.entries()) expect(read.mistakes[index]).toContain(sentence);
  });

  test('with random text gives mistakes and no key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const { keys, mistakes } = readEkList(text);
        expect(keys.size).toBe(0);
        expect(mistakes.length).toBeGreaterThan(0);
      }),
      { seed: 1 },
    );
  });
});
