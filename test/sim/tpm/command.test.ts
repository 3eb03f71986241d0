import { describe, expect, test } from 'vitest';
import { u16, u32 } from '../../../core/tpm/bytes.ts';
import { noPassword, runCommand, UnexpectedTpmFailure, type TpmCommand } from '../../../sim/tpm/command.ts';

/** Runs a command against a TPM that answers with `response`. Returns the octets that it sent, in hex, and the result. */
async function run(command: TpmCommand, response: Buffer) {
  const sent: string[] = [];
  const result = await runCommand(async (octets) => {
    sent.push(octets.toString('hex'));
    return response;
  }, command);
  return { sent, result };
}

/** Encodes a TPM response: tag (TPM_ST_NO_SESSIONS by default), size, response code, parameters (TPM 2.0 Part 1 18.3). */
const responseOf = (code: number, parameters = Buffer.alloc(0), tag = 0x8001): Buffer =>
  Buffer.concat([u16(tag), u32(10 + parameters.length), u32(code), parameters]);

describe('`runCommand`', () => {
  test('sends a command without sessions as tag 8001, size, command code, handles and parameters', async () => {
    const { sent } = await run(
      { name: 'ReadPublic', handles: [0x8101_0001], parameters: [Buffer.of(7)] },
      responseOf(0),
    );
    expect(sent).toEqual([['8001', '0000000f', '00000173', '81010001', '07'].join('')]);
  });

  test('sends a command with sessions as tag 8002, size, command code, handles, size of the authorisations, and one authorisation for each session', async () => {
    const sessions = [noPassword, { password: 'ab' }, { policy: 0x0300_0000 }];
    const { sent } = await run(
      { name: 'Clear', handles: [0x4000_000c], sessions },
      responseOf(0, Buffer.alloc(0), 0x8002),
    );
    const authorisations = [
      ['40000009', '0000', '00', '0000'],
      ['40000009', '0000', '00', '0002', '6162'],
      ['03000000', '0000', '01', '0000'],
    ];
    expect(sent).toEqual([['8002', '0000002f', '00000126', '4000000c', '0000001d', ...authorisations.flat()].join('')]);
  });

  test('reads the handle that a command returns, and skips the parameter size in a response with sessions', async () => {
    const body = Buffer.concat([u32(0x8000_0001), u32(2), u16(0)]);
    const command: TpmCommand = { name: 'Load', sessions: [noPassword], returnsHandle: true };
    const { result } = await run(command, responseOf(0, body, 0x8002));
    expect(result.ok && result.value.handle).toBe(0x8000_0001);
    expect(result.ok && result.value.parameters.tpm2b()).toEqual(Buffer.alloc(0));
    const plain = await run({ name: 'FlushContext' }, responseOf(0));
    expect(plain.result.ok && plain.result.value.handle).toBe(0);
  });

  test('returns a refusal of the TPM with the command, the response code and a sentence', async () => {
    const { result } = await run({ name: 'HMAC' }, responseOf(0x18b));
    expect(result).toEqual({
      ok: false,
      failure: {
        code: 'tpm-refuses',
        command: 'HMAC',
        responseCode: 0x18b,
        sentence: expect.stringMatching(/^TPM response 0x18b /),
      },
    });
  });

  test.each([
    [4096 - 10, true],
    [4096 - 9, false],
  ])('sends a command of at most 4096 octets (%i octets of parameters, sent: %s)', async (length, isSent) => {
    const { sent, result } = await run({ name: 'SequenceUpdate', parameters: [Buffer.alloc(length)] }, responseOf(0));
    expect([sent.length === 1, result.ok]).toEqual([isSent, isSent]);
    if (!result.ok) expect(result.failure).toMatchObject({ command: 'SequenceUpdate', responseCode: 0x142 });
  });

  test.each([0, 2, 9])('throws if the response has only %i octets', async (length) => {
    await expect(run({ name: 'HMAC' }, responseOf(0).subarray(0, length))).rejects.toThrow(
      'TPM2_HMAC was answered with less than 10 bytes',
    );
  });
});

test('the error for an unexpected refusal of a TPM names the command', async () => {
  const { result } = await run({ name: 'EvictControl' }, responseOf(0x9a2));
  expect(result.ok ? undefined : new UnexpectedTpmFailure(result.failure).message).toMatch(/^TPM2_EvictControl: /);
});
