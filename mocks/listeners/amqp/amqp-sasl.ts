import type { RegisterBody } from '../../../core/wire/dps-wire.ts';
import type { RegistrationAddress } from '../../dps/wire-rules/registration-address.ts';

/** One SASL exchange, in the form that rhea calls: while `outcome` is undefined, the returned bytes are the next challenge. */
export interface SaslMechanism {
  outcome: boolean | undefined;
  start(response: Buffer | undefined): Promise<Buffer | undefined> | Buffer | undefined;
  step(response: Buffer): Promise<Buffer | undefined> | Buffer | undefined;
}

/** The login of a device at DPS by SASL. A client with a certificate has none. */
export interface AmqpLogin extends RegistrationAddress {
  readonly token: string;
  /** The keys of a challenged TPM. */
  readonly tpm?: NonNullable<RegisterBody['tpm']>;
}

/**
 * `PLAIN` (RFC 4616): the user name names the device or policy, and the password is a shared access signature.
 *
 * @param welcome verifies the login, and remembers it if it is accepted.
 */
export function plainMechanism(welcome: (user: string, password: string) => boolean): SaslMechanism {
  const mechanism: SaslMechanism = {
    outcome: undefined,
    start: (response) => {
      const [, user, password, ...rest] = (response ?? Buffer.alloc(0)).toString('utf8').split('\0');
      mechanism.outcome = user !== undefined && password !== undefined && rest.length === 0 && welcome(user, password);
      return undefined;
    },
    step: () => undefined,
  };
  return mechanism;
}

/**
 * `ANONYMOUS` (RFC 4505) and `EXTERNAL` (RFC 4422 A): the client relies on its certificate. `MSSBCBS` of Azure: the client will
 * send tokens to `$cbs`.
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
