import { tpm2b, TpmReader, u16, u32 } from '../../core/tpm/bytes.ts';
import { succeeded, type Failure, type Result } from '../../core/result.ts';
import { describeResponseCode } from '../../core/tpm/response-codes.ts';

/** Command codes (TPM 2.0 Part 2 6.5.2). */
const commandCodes = {
  EvictControl: 0x120,
  ChangeEPS: 0x124,
  Clear: 0x126,
  HierarchyChangeAuth: 0x129,
  CreatePrimary: 0x131,
  SequenceComplete: 0x13e,
  ActivateCredential: 0x147,
  PolicySecret: 0x151,
  Create: 0x153,
  HMAC: 0x155,
  Import: 0x156,
  Load: 0x157,
  HMAC_Start: 0x15b,
  SequenceUpdate: 0x15c,
  Sign: 0x15d,
  FlushContext: 0x165,
  ReadPublic: 0x173,
  StartAuthSession: 0x176,
} as const;

type CommandName = keyof typeof commandCodes;

/** Permanent handles: hierarchies and others with a fixed number (TPM 2.0 Part 2 7.4). */
export const permanent = {
  owner: 0x4000_0001,
  null: 0x4000_0007,
  password: 0x4000_0009,
  lockout: 0x4000_000a,
  endorsement: 0x4000_000b,
  platform: 0x4000_000c,
} as const;

/** One TPM command: its handles, its parameters, and one authorization for each of the first handles. */
export interface TpmCommand {
  readonly name: CommandName;
  readonly handles?: readonly number[];
  readonly sessions?: readonly TpmSession[];
  readonly parameters?: readonly Uint8Array[];
  /** True if the response starts with a handle. */
  readonly returnsHandle?: boolean;
}

/** An authorization of a command: a password, or the handle of a policy session whose policy is satisfied. */
export type TpmSession = { readonly password: string } | { readonly policy: number };

/** Result of an action that a TPM may refuse. */
export type TpmResult<T> = Result<T, TpmFailure>;

/** Content of a successful response. `handle` is 0 if the command returns no handle. */
export interface TpmResponse {
  readonly handle: number;
  readonly parameters: TpmReader;
}

/** A TPM refused a command. This is an expected outcome. */
export interface TpmFailure extends Failure {
  readonly code: 'tpm-refuses';
  readonly command: CommandName;
  /** TPM_RC of the response; 0 if the command was not sent to the TPM. */
  readonly responseCode: number;
}

/**
 * Returns a failure for a command that a TPM refused.
 * @param responseCode TPM_RC; 0 if the command was not sent.
 */
export function refusedByTpm(
  command: CommandName,
  responseCode: number,
  sentence = describeResponseCode(responseCode),
): TpmResult<never> {
  return { ok: false, failure: { code: 'tpm-refuses', command, responseCode, sentence } };
}

/** A TPM refused a command that clients expect to succeed. */
export class UnexpectedTpmFailure extends Error {
  readonly failure: TpmFailure;

  constructor(failure: TpmFailure) {
    super(`TPM2_${failure.command}: ${failure.sentence}`);
    this.failure = failure;
  }
}

/** Sends one command to a TPM. */
export type RunCommand = (command: TpmCommand) => Promise<TpmResult<TpmResponse>>;

/** The empty password. The SDKs expect that every hierarchy has this password. */
export const noPassword: TpmSession = { password: '' };

/**
 * Sends one command with `transmit` and parses the response (TPM 2.0 Part 1 18). Refuses a command that is longer than the buffer of the
 * TPM. swtpm would read such a command as several commands, and every later response would belong to the wrong command.
 * @throws Error if the response is shorter than a header.
 */
export async function runCommand(
  transmit: (command: Buffer) => Promise<Buffer>,
  command: TpmCommand,
): Promise<TpmResult<TpmResponse>> {
  const { name, handles = [], sessions = [], parameters = [], returnsHandle = false } = command;
  const authorisations = Buffer.concat(sessions.map(authorisation));
  const body = Buffer.concat([
    ...handles.map(u32),
    ...(sessions.length === 0 ? [] : [u32(authorisations.length), authorisations]),
    ...parameters,
  ]);
  const tag = sessions.length === 0 ? noSessions : withSessions;
  const length = headerLength + body.length;
  if (length > commandLimit) return refusedByTpm(name, commandSize);
  const response = new TpmReader(await transmit(Buffer.concat([u16(tag), u32(length), u32(commandCodes[name]), body])));
  const answeredTag = response.u16();
  response.u32();
  const code = response.u32();
  if (response.broken) throw new Error(`TPM2_${name} was answered with less than ${headerLength} bytes`);
  if (code !== 0) return refusedByTpm(name, code);
  const handle = returnsHandle ? response.u32() : 0;
  if (answeredTag === withSessions) response.u32();
  return succeeded({ handle, parameters: response });
}

const noSessions = 0x8001;
const withSessions = 0x8002;
const headerLength = 10;
/** Longest command in octets: TPM_PT_MAX_COMMAND_SIZE of libtpms, and the buffer of the Linux driver. */
const commandLimit = 4096;
/** TPM_RC_COMMAND_SIZE. */
const commandSize = 0x142;

/** TPMS_AUTH_COMMAND: session, nonce, attributes, password or HMAC (TPM 2.0 Part 2 10.13.2). */
function authorisation(session: TpmSession): Buffer {
  const empty = tpm2b(Buffer.alloc(0));
  return 'policy' in session
    ? Buffer.concat([u32(session.policy), empty, Buffer.of(1), empty])
    : Buffer.concat([u32(permanent.password), empty, Buffer.of(0), tpm2b(Buffer.from(session.password))]);
}
