/**
 * Describes a TPM response code: its number, its name, and the parameter, handle or session that it concerns (TPM 2.0
 * Part 2 6.6). Adds the meaning that the code has in provisioning, if the program knows one.
 */
export function describeResponseCode(code: number): string {
  const sentence = sentences[code];
  return `TPM response 0x${code.toString(16)} (${nameOfResponseCode(code)})${sentence === undefined ? '' : `: ${sentence}`}`;
}

/** Returns the name of a response code, such as `TPM_RC_INTEGRITY, parameter 1` for 0x1df. */
export function nameOfResponseCode(code: number): string {
  if (code === windowsBlocked) return 'TPM_E_COMMAND_BLOCKED';
  if ((code & formatOne) === 0) return formatZeroNames[code] ?? unnamed;
  const name = formatOneNames[code & 0x3f] ?? unnamed;
  const number = (code >> 8) & 0xf;
  if ((code & aboutParameter) !== 0) return `${name}, parameter ${number}`;
  return number < firstSession ? `${name}, handle ${number}` : `${name}, session ${number - firstSession}`;
}

/** This bit (bit 7) is set if the code names a parameter, handle or session. */
const formatOne = 0x80;
const aboutParameter = 0x40;
const firstSession = 8;
const unnamed = 'no name in TPM 2.0 Part 2 6.6.3';
/** A response code of the TPM Base Services of Windows. The TPM itself never returns it. */
const windowsBlocked = 0x8028_0400;

const formatZeroNames: Readonly<Record<number, string>> = {
  0x100: 'TPM_RC_INITIALIZE',
  0x101: 'TPM_RC_FAILURE',
  0x142: 'TPM_RC_COMMAND_SIZE',
  0x143: 'TPM_RC_COMMAND_CODE',
  0x144: 'TPM_RC_AUTHSIZE',
  0x14b: 'TPM_RC_NV_SPACE',
  0x14c: 'TPM_RC_NV_DEFINED',
  0x902: 'TPM_RC_OBJECT_MEMORY',
  0x903: 'TPM_RC_SESSION_MEMORY',
  0x904: 'TPM_RC_MEMORY',
  0x921: 'TPM_RC_LOCKOUT',
  0x922: 'TPM_RC_RETRY',
};

const formatOneNames: Readonly<Record<number, string>> = {
  0x01: 'TPM_RC_ASYMMETRIC',
  0x02: 'TPM_RC_ATTRIBUTES',
  0x03: 'TPM_RC_HASH',
  0x04: 'TPM_RC_VALUE',
  0x05: 'TPM_RC_HIERARCHY',
  0x0a: 'TPM_RC_TYPE',
  0x0b: 'TPM_RC_HANDLE',
  0x0e: 'TPM_RC_AUTH_FAIL',
  0x12: 'TPM_RC_SCHEME',
  0x15: 'TPM_RC_SIZE',
  0x1a: 'TPM_RC_INSUFFICIENT',
  0x1c: 'TPM_RC_KEY',
  0x1d: 'TPM_RC_POLICY_FAIL',
  0x1f: 'TPM_RC_INTEGRITY',
  0x22: 'TPM_RC_BAD_AUTH',
  0x25: 'TPM_RC_BINDING',
};

/** Explanations of the codes that occur in provisioning. */
const sentences: Readonly<Record<number, string>> = {
  0x101: 'internal failure of the TPM; swtpm also returns this code for a blob that was made for another key',
  0x142: 'the command is longer than the TPM accepts',
  0x14b: 'the TPM has no space for another stored key; evict unused keys',
  0x18b: 'there is no key at that handle',
  0x1df: 'the blob was made for another storage root key, for example before the TPM was cleared',
  0x28b: 'there is no key at that handle to evict',
  0x2e5: 'the blob is bound to another key',
  0x3df: 'the encrypted key was changed in transit',
  0x902: 'the TPM has no space for another object; flush loaded objects',
  0x903: 'the TPM has no space for another session; flush open sessions',
  0x921: 'the TPM is in lockout after too many wrong passwords',
  0x98e: 'the password is wrong, and the failure counts towards lockout',
  0x9a2: 'the password of the hierarchy is wrong or missing',
  [windowsBlocked]: 'Windows refuses this command to users without administrator rights',
};
