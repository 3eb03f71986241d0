import type { RegisterBody } from '../../../core/wire/dps-wire.ts';
import type { RegistrationAddress } from '../../dps/wire-rules/registration-address.ts';

/**
 * One SASL exchange, with the interface that rhea expects: while `outcome` is undefined, the returned bytes are the next
 * challenge.
 */
export interface SaslMechanism {
  outcome: boolean | undefined;
  start(response: Buffer | undefined): Promise<Buffer | undefined> | Buffer | undefined;
  step(response: Buffer): Promise<Buffer | undefined> | Buffer | undefined;
}

/** The login of a device at DPS over SASL. A client that uses a certificate has no login. */
export interface AmqpLogin extends RegistrationAddress {
  readonly token: string;
  /** The keys of the TPM that answered the challenge. Absent for other attestation types. */
  readonly tpm?: NonNullable<RegisterBody['tpm']>;
}

/**
 * The SASL mechanism `PLAIN` (RFC 4616): the user name names the device or policy, and the password is a shared access
 * signature.
 *
 * @param welcome verifies a login, and stores the login if it is valid.
 * @param onUnreadable receives the number of octets of a response that has no user name and password.
 */
export function plainMechanism(
  welcome: (user: string, password: string) => boolean,
  onUnreadable: (octets: number) => void,
): SaslMechanism {
  const mechanism: SaslMechanism = {
    outcome: undefined,
    start: (response) => {
      const octets = response ?? Buffer.alloc(0);
      const [, user, password, ...rest] = octets.toString('utf8').split('\0');
      const isReadable = user !== undefined && password !== undefined && rest.length === 0;
      if (!isReadable) onUnreadable(octets.length);
      mechanism.outcome = isReadable && welcome(user, password);
      return undefined;
    },
    step: () => undefined,
  };
  return mechanism;
}

/**
 * SASL mechanisms without a secret. `ANONYMOUS` (RFC 4505) and `EXTERNAL` (RFC 4422 A): the client authenticates with its
 * certificate. `MSSBCBS` of Azure: the client will send tokens to `$cbs`.
 */
export function silentMechanism(): SaslMechanism {
  const mechanism: SaslMechanism = {
    outcome: undefined,
    start: () => {
      mechanism.outcome = true;
      return undefined;
    },
    step: () => undefined,
  };
  return mechanism;
}
