import type { RegisterBody } from '../../../core/wire/dps-wire.ts';
import type { RegistrationAddress } from '../../dps/wire-rules/registration-address.ts';

/** One SASL exchange, as rhea drives it: while `outcome` is undefined, what comes back is the next challenge. */
export interface SaslMechanism {
  outcome: boolean | undefined;
  start(response: Buffer | undefined): Promise<Buffer | undefined> | Buffer | undefined;
  step(response: Buffer): Promise<Buffer | undefined> | Buffer | undefined;
}

/** Who is at DPS on a connection, as SASL told; a client with a certificate tells nothing. */
export interface AmqpLogin extends RegistrationAddress {
  readonly token: string;
  /** The keys of a TPM that has been challenged. */
  readonly tpm?: NonNullable<RegisterBody['tpm']>;
}

/**
 * `PLAIN` (RFC 4616): the user name says who is meant, the password is a shared access signature.
 *
 * @param welcome whether the login is let in at this point; remembers it if so.
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
 * `ANONYMOUS` (RFC 4505) and `EXTERNAL` (RFC 4422 A): nothing is said that the certificate does not say. `MSSBCBS` of
 * Azure says that tokens will be put over `$cbs`, and no more.
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
