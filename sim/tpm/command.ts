import { tpm2b, TpmReader, u16, u32 } from '../../core/tpm/bytes.ts';
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

/** Hierarchies and other fixed handles (TPM 2.0 Part 2 7.4). */
export const permanent = {
  owner: 0x4000_0001,
  null: 0x4000_0007,
  password: 0x4000_0009,
  lockout: 0x4000_000a,
  endorsement: 0x4000_000b,
  platform: 0x4000_000c,
} as const;

/** One command: handles, how each of the first ones is authorised, parameters. */
export interface TpmCommand {
  readonly name: CommandName;
  readonly handles?: readonly number[];
  readonly sessions?: readonly TpmSession[];
  readonly parameters?: readonly Uint8Array[];
  /** Whether the response starts with a handle. */
  readonly returnsHandle?: boolean;
}

/** A password, or a policy session that has been satisfied before. */
export type TpmSession = { readonly password: string } | { readonly policy: number };

/** A command that the TPM answered, well or not. */
export type TpmResponse = { readonly ok: true; readonly handle: number; readonly parameters: TpmReader } | TpmFailure;

/** Yes, or which command the TPM refused and why. */
export type TpmOutcome = { readonly ok: true } | TpmFailure;

/** A refusal of the TPM: an expected outcome. `code` is 0 where the TPM was not even asked. */
export interface TpmFailure {
  readonly ok: false;
  readonly command: CommandName;
  readonly code: number;
  readonly sentence: string;
}

/** A refusal where none was to be expected. */
export class UnexpectedTpmFailure extends Error {
  readonly failure: TpmFailure;

  constructor(failure: TpmFailure) {
    super(`TPM2_${failure.command}: ${failure.sentence}`);
    this.failure = failure;
  }
}

/** Runs one command on a TPM. */
export type RunCommand = (command: TpmCommand) => Promise<TpmResponse>;

/** A password session with the empty password, which the SDKs expect everywhere. */
export const noPassword: TpmSession = { password: '' };

/**
 * Sends one command over `transmit` and takes the response apart (TPM 2.0 Part 1 18). A command that is longer than the
 * TPM's buffer is refused here: swtpm would read it as several, and from then on answer to the wrong ones.
 *
 * @throws Error where the response is too short to be one.
 */
export async function runCommand(
  transmit: (command: Buffer) => Promise<Buffer>,
  command: TpmCommand,
): Promise<TpmResponse> {
  const { name, handles = [], sessions = [], parameters = [], returnsHandle = false } = command;
  const authorisations = Buffer.concat(sessions.map(authorisation));
  const body = Buffer.concat([
    ...handles.map(u32),
    ...(sessions.length === 0 ? [] : [u32(authorisations.length), authorisations]),
    ...parameters,
  ]);
  const tag = sessions.length === 0 ? noSessions : withSessions;
  const length = headerLength + body.length;
  if (length > commandLimit) return refusal(name, commandSize);
  const response = new TpmReader(await transmit(Buffer.concat([u16(tag), u32(length), u32(commandCodes[name]), body])));
  const answeredTag = response.u16();
  response.u32();
  const code = response.u32();
  if (response.broken) throw new Error(`TPM2_${name} was answered with less than ${headerLength} bytes`);
  if (code !== 0) return refusal(name, code);
  const handle = returnsHandle ? response.u32() : 0;
  if (answeredTag === withSessions) response.u32();
  return { ok: true, handle, parameters: response };
}

const noSessions = 0x8001;
const withSessions = 0x8002;
const headerLength = 10;
/** TPM_PT_MAX_COMMAND_SIZE of libtpms, and the buffer of the Linux driver. */
const commandLimit = 4096;
/** TPM_RC_COMMAND_SIZE. */
const commandSize = 0x142;

function refusal(command: CommandName, code: number): TpmFailure {
  return { ok: false, command, code, sentence: describeResponseCode(code) };
}

/** TPMS_AUTH_COMMAND: session, nonce, attributes, password or HMAC (TPM 2.0 Part 2 10.13.2). */
function authorisation(session: TpmSession): Buffer {
  const empty = tpm2b(Buffer.alloc(0));
  return 'policy' in session
    ? Buffer.concat([u32(session.policy), empty, Buffer.of(1), empty])
    : Buffer.concat([u32(permanent.password), empty, Buffer.of(0), tpm2b(Buffer.from(session.password))]);
}
