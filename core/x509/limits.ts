/**
 * How much a chain may cost. Not its length is bounded, but the work that it makes. The figures in `defaultLimits` are far above
 * any chain in the field.
 */
export interface ChainLimits {
  /** Octets of the leaf and all certificates that the peer sent beside it. */
  readonly octets: number;
  readonly signatureChecks: number;
  /** Certificates tried as the next of a path, over all paths. */
  readonly pathSteps: number;
  /** Names held against name constraints, over all paths. */
  readonly nameComparisons: number;
}

/** A TLS peer of OpenSSL may send 100 KiB; devices and services in the field send 2 to 4 certificates of 1 to 2 KiB. */
export const defaultLimits: ChainLimits = {
  octets: 100 * 1024,
  signatureChecks: 64,
  pathSteps: 1024,
  nameComparisons: 2 ** 16,
};

/** What a verdict has cost. */
export interface ChainWork {
  readonly certificatesRead: number;
  readonly signatureChecks: number;
  readonly pathSteps: number;
  readonly nameComparisons: number;
}

type Metered = 'signatureChecks' | 'pathSteps' | 'nameComparisons';

/** Counts work against its limits. Once one is used up, nothing more is granted. */
export class WorkMeter {
  readonly limits: ChainLimits;
  readonly #spent = { signatureChecks: 0, pathSteps: 0, nameComparisons: 0 };
  certificatesRead = 0;
  #exhausted: Metered | undefined;

  constructor(limits: ChainLimits) {
    this.limits = limits;
  }

  /** Whether `amount` more of this work may be done; notes it as done. */
  spend(kind: Metered, amount = 1): boolean {
    if (this.#exhausted !== undefined) return false;
    if (this.#spent[kind] + amount > this.limits[kind]) {
      this.#exhausted = kind;
      return false;
    }
    this.#spent[kind] += amount;
    return true;
  }

  /** What ran out, in words; undefined while all is granted. */
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
  pathSteps: 'ways from one certificate to the next',
  nameComparisons: 'names to hold against constraints',
};
