import { generateKeyPair, type CryptoKey } from 'jose';
import type { EntraApplication, EntraSettings } from '../../core/cloud/cloud.ts';
import { entraRoles } from '../../core/wire/entra-roles.ts';
import { freshKey, type Random } from '../../core/random.ts';
import type { Clock, Millis } from '../../core/time/clock.ts';

/** An application with a client secret, and its principal in the directory. */
interface Principal extends EntraApplication {
  readonly objectId: string;
}

/** The key pair with which the directory signs tokens. */
interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/**
 * The Entra ID directory (tenant) of the lab, without sockets: its applications, their roles and the signing key. This
 * directory replaces `login.microsoftonline.com`: the services of the lab trust only its tokens. The program does not
 * save the directory.
 */
export class EntraDirectory {
  readonly tenantId: string;
  readonly principals: readonly Principal[];
  readonly #clock: Clock;
  readonly #random: Random;
  #signingKey: Promise<SigningKey> | undefined;

  /** @param settings applications of the directory. Default: one application `owner` with every role. */
  constructor(clock: Clock, random: Random, settings: EntraSettings = { applications: { owner: {} } }) {
    this.#clock = clock;
    this.#random = random;
    this.tenantId = random.uuid();
    this.principals = Object.entries(settings.applications).map(([name, { clientId, clientSecret, roles }]) => ({
      name,
      clientId: clientId ?? random.uuid(),
      clientSecret: clientSecret ?? freshKey(30).toString('base64url'),
      objectId: random.uuid(),
      roles: roles ?? entraRoles,
    }));
  }

  now(): Millis {
    return this.#clock.now();
  }

  /** The issuer of access tokens, as access tokens of version 1.0 contain it. */
  get issuer(): string {
    return `https://sts.windows.net/${this.tenantId}/`;
  }

  /** Returns a new random ID. */
  newId(): string {
    return this.#random.uuid();
  }

  /** Returns the application with this client ID. Upper and lower case do not differ. */
  findApplication(clientId: string): Principal | undefined {
    return this.principals.find((each) => each.clientId.toLowerCase() === clientId.toLowerCase());
  }

  /** Returns the signing key. The directory generates the key at the first call, because most runs need none. */
  signingKey(): Promise<SigningKey> {
    this.#signingKey ??= generateKeyPair('RS256', { extractable: true }).then((pair) => ({
      ...pair,
      kid: freshKey(20).toString('base64url'),
    }));
    return this.#signingKey;
  }
}
