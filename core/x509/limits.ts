/**
 * Limits for the verification of a chain. They bound the work and not the length of the chain. Real chains stay far below
 * `defaultLimits`.
 */
export interface ChainLimits {
  /** Maximum size in octets of the leaf and all other certificates that the peer sent. */
  readonly octets: number;
  readonly signatureChecks: number;
  /** Maximum number of certificates that the search tries as the next issuer, over all paths. */
  readonly pathSteps: number;
  /** Maximum number of comparisons between a name and a name constraint, over all paths. */
  readonly nameComparisons: number;
}

/** OpenSSL accepts 100 KiB from a TLS peer. Real devices and services send 2 to 4 certificates of 1 to 2 KiB. */
export const defaultLimits: ChainLimits = {
  octets: 100 * 1024,
  signatureChecks: 64,
  pathSteps: 1024,
  nameComparisons: 2 ** 16,
};

/** The work that a verification needed. */
export interface ChainWork {
  readonly certificatesRead: number;
  readonly signatureChecks: number;
  readonly pathSteps: number;
  readonly nameComparisons: number;
}

type Metered = 'signatureChecks' | 'pathSteps' | 'nameComparisons';

/** Counts work against the limits. When one limit is exceeded, `spend` returns false for all further work. */
export class WorkMeter {
  readonly limits: ChainLimits;
  readonly #spent = { signatureChecks: 0, pathSteps: 0, nameComparisons: 0 };
  certificatesRead = 0;
  #exhausted: Metered | undefined;

  constructor(limits: ChainLimits) {
    this.limits = limits;
  }

  /** Counts `amount` units of work. Returns false if the total exceeds a limit. */
  spend(kind: Metered, amount = 1): boolean {
    if (this.#exhausted !== undefined) return false;
    if (this.#spent[kind] + amount > this.limits[kind]) {
      this.#exhausted = kind;
      return false;
    }
    this.#spent[kind] += amount;
    return true;
  }

  /** Describes the limit that was exceeded. Undefined if no limit was exceeded. */
  get exhausted(): string | undefined {
    return this.#exhausted === undefined
      ? undefined
      : `more than ${this.limits[this.#exhausted]} ${phrases[this.#exhausted]}`;
  }

  get work(): ChainWork {
    return { certificatesRead: this.certificatesRead, ...this.#spent };
  }
}

const phrases: Readonly<Record<Metered, string>> = {
  signatureChecks: 'signatures to check',
  pathSteps: 'steps from a certificate to an issuer',
  nameComparisons: 'comparisons of names with constraints',
};
