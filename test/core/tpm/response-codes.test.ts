import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { describeResponseCode, nameOfResponseCode } from '../../../core/tpm/response-codes.ts';
import { toolsMissing } from '../../sim/tpm/tpm2-tools.ts';

/** Response code, its name, and the beginning of the output of tpm2_rc_decode for it. */
const codes = [
  [0x101, 'TPM_RC_FAILURE', 'tpm:error(2.0)'],
  [0x142, 'TPM_RC_COMMAND_SIZE', 'tpm:error(2.0)'],
  [0x18b, 'TPM_RC_HANDLE, handle 1', 'tpm:handle(1)'],
  [0x1d5, 'TPM_RC_SIZE, parameter 1', 'tpm:parameter(1)'],
  [0x1df, 'TPM_RC_INTEGRITY, parameter 1', 'tpm:parameter(1)'],
  [0x28b, 'TPM_RC_HANDLE, handle 2', 'tpm:handle(2)'],
  [0x2e5, 'TPM_RC_BINDING, parameter 2', 'tpm:parameter(2)'],
  [0x3df, 'TPM_RC_INTEGRITY, parameter 3', 'tpm:parameter(3)'],
  [0x902, 'TPM_RC_OBJECT_MEMORY', 'tpm:warn(2.0)'],
  [0x903, 'TPM_RC_SESSION_MEMORY', 'tpm:warn(2.0)'],
  [0x921, 'TPM_RC_LOCKOUT', 'tpm:warn(2.0)'],
  [0x98e, 'TPM_RC_AUTH_FAIL, session 1', 'tpm:session(1)'],
  [0x9a2, 'TPM_RC_BAD_AUTH, session 1', 'tpm:session(1)'],
  [0xa9d, 'TPM_RC_POLICY_FAIL, session 2', 'tpm:session(2)'],
] as const;

describe('the table of TPM response codes', () => {
  test.each(codes)('names the code %i: %s', (code, name) => {
    expect(nameOfResponseCode(code)).toBe(name);
  });

  test.skipIf(toolsMissing).each(codes)(
    "gives code %i the meaning %s, as Debian's tpm2_rc_decode does",
    (code, _, about) => {
      expect(execFileSync('tpm2_rc_decode', [`0x${code.toString(16)}`], { encoding: 'utf8' })).toMatch(about);
    },
  );

  test.each([
    [
      0x1df,
      'TPM response 0x1df (TPM_RC_INTEGRITY, parameter 1): the blob was made for another storage root key, for example before the TPM was cleared',
    ],
    [
      0x8028_0400,
      'TPM response 0x80280400 (TPM_E_COMMAND_BLOCKED): Windows refuses this command to users without administrator rights',
    ],
    [0x1ca, 'TPM response 0x1ca (TPM_RC_TYPE, parameter 1)'],
    [0x17f, 'TPM response 0x17f (no name in TPM 2.0 Part 2 6.6.3)'],
  ])('describes %i by number, name and explanation', (code, words) => {
    expect(describeResponseCode(code)).toBe(words);
  });
});
