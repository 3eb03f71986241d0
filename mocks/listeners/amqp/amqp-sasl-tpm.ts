import type { RegisterBody } from '../../../core/wire/dps-wire.ts';
import type { AmqpLogin, SaslMechanism } from './amqp-sasl.ts';
import type { RegistrationAddress } from '../../dps/wire-rules/registration-address.ts';

/** The two rounds of TPM attestation. The service verifies what the client sends. */
export interface TpmRounds {
  /** Returns the wrapped key with which the TPM must sign, or undefined if the service refuses the TPM. */
  challenge(address: RegistrationAddress, tpm: NonNullable<RegisterBody['tpm']>): Promise<Buffer | undefined>;
  /** Returns true if the token proves that the TPM unwrapped the key. In this case the session stores the login. */
  welcome(login: AmqpLogin): boolean;
}

/**
 * The SASL mechanism `TPM` of DPS. The client begins with ID scope, registration ID and endorsement key (EK). The
 * service asks for the storage root key (SRK) with one zero byte, and then sends the wrapped key in segments. The
 * client answers with a token:
 *
 *     C: 00 scope 00 id 00 EK      S: 00
 *     C: 00 SRK                    S: control segment, … each but the last answered with 00
 *     C: 00 token                  S: outcome
 */
export function tpmMechanism(rounds: TpmRounds): SaslMechanism {
  let stage: Stage = { kind: 'start' };
  const mechanism: SaslMechanism = {
    outcome: undefined,
    start: (response) => {
      const hello = readHello(response ?? Buffer.alloc(0));
      if (hello === undefined || stage.kind !== 'start') return refuse();
      stage = { kind: 'storage-root-key', ...hello };
      return Buffer.alloc(1);
    },
    step: async (response) => {
      const current = stage;
      // A response of the client that arrives before the service has answered is a protocol error.
      stage = { kind: 'over' };
      if (current.kind === 'over' || current.kind === 'start' || response[0] !== 0) return refuse();
      if (current.kind === 'storage-root-key') return challenge(current, response.subarray(1));
      if (current.next < current.segments.length) return send(current);
      mechanism.outcome = rounds.welcome({ ...current.who, token: response.toString('utf8', 1) });
      return undefined;
    },
  };
  const refuse = (): undefined => {
    stage = { kind: 'over' };
    mechanism.outcome = false;
  };
  const send = (current: Challenged): Buffer | undefined => {
    stage = { ...current, next: current.next + 1 };
    return current.segments[current.next];
  };
  const challenge = async (hello: Hello, storageRootKey: Buffer): Promise<Buffer | undefined> => {
    const { address, endorsementKey } = hello;
    const tpm = {
      endorsementKey: endorsementKey.toString('base64'),
      storageRootKey: storageRootKey.toString('base64'),
    };
    const wrapped = await rounds.challenge(address, tpm);
    return wrapped === undefined
      ? refuse()
      : send({ kind: 'challenged', who: { ...address, tpm }, segments: segmentsOf(wrapped), next: 0 });
  };
  return mechanism;
}

interface Hello {
  readonly address: RegistrationAddress;
  readonly endorsementKey: Buffer;
}

interface Challenged {
  readonly kind: 'challenged';
  readonly who: Omit<AmqpLogin, 'token'>;
  readonly segments: readonly Buffer[];
  /** Index of the next segment that the service sends. */
  readonly next: number;
}

type Stage = { readonly kind: 'start' } | { readonly kind: 'over' } | StorageRootKeyAsked | Challenged;

interface StorageRootKeyAsked extends Hello {
  readonly kind: 'storage-root-key';
}

/** Reads the first message: scope and ID, each ended by a zero byte, and the endorsement key, which is binary. */
function readHello(bytes: Buffer): Hello | undefined {
  const scopeEnd = bytes.indexOf(0, 1);
  const idEnd = scopeEnd === -1 ? -1 : bytes.indexOf(0, scopeEnd + 1);
  if (bytes[0] !== 0 || idEnd === -1) return undefined;
  return {
    address: {
      idScope: bytes.toString('utf8', 1, scopeEnd),
      registrationId: bytes.toString('utf8', scopeEnd + 1, idEnd),
    },
    endorsementKey: bytes.subarray(idEnd + 1),
  };
}

/**
 * Cuts the wrapped key into segments. The first byte of a segment marks the bytes as a segment. It also contains a flag
 * for the last segment and the segment number modulo 4.
 */
function segmentsOf(wrapped: Buffer): Buffer[] {
  const segments: Buffer[] = [];
  for (let at = 0; at < wrapped.length; at += segmentSize) {
    const last = at + segmentSize >= wrapped.length ? 0x40 : 0;
    const control = 0x80 | last | (segments.length & 3);
    segments.push(Buffer.concat([Buffer.from([control]), wrapped.subarray(at, at + segmentSize)]));
  }
  return segments;
}

/**
 * Size in bytes with which a wrapped key has exactly two segments. The Java SDK accepts one segment with 0x80 and one with
 * 0xC1, and waits for ever if there are more. The C SDK has a buffer of 470 bytes, including the control byte.
 */
const segmentSize = 469;
