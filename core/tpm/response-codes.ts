/** TPM response codes that people meet, with what they mean here (TPM 2.0 Part 2 6.6). */
const sentences: Readonly<Record<number, string>> = {
  0x101: 'the TPM failed inside: on swtpm, a blob that was made for another key',
  0x18b: 'there is no key at that handle',
  0x1df: 'the integrity check of the first parameter failed: the blob was made for another storage root key',
  0x28b: 'there is no key at that handle to evict',
  0x2e5: 'the blob is bound to another key',
  0x3df: 'the integrity check of the third parameter failed: the wrapped key was changed',
  0x902: 'no room for another object in the TPM',
  0x903: 'no room for another session in the TPM',
  0x921: 'the TPM is in lockout after too many wrong passwords',
  0x98e: 'the password of the hierarchy is wrong, and the failure counts towards lockout',
  0x9a2: 'the password of the hierarchy is wrong or missing',
};

/** A response code in words, with its number. */
export function describeResponseCode(code: number): string {
  return `TPM response 0x${code.toString(16)}: ${sentences[code] ?? 'see TPM 2.0 Part 2 6.6'}`;
}
