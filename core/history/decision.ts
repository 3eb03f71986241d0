import type { CheckId, Judge } from '../checks.ts';
import { defined } from '../defined.ts';
import type { CertificateSpan } from './certificate-span.ts';
import { CertificateTable, type KnownCertificate } from './certificate-table.ts';

/** One check of a decision, with the expected value and the value found. */
export interface CheckResult {
  readonly check: CheckId;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  /** True if the check failed but counts as passed, because a mutation test disabled it. */
  readonly sabotaged?: true;
}

/** A decision of a service or device: the checks in order. If the decision is a refusal, the last check failed. */
export interface Decision {
  readonly judge: Judge;
  /** The registration ID, or the device ID at a hub. */
  readonly subject: string;
  /** The subject matter of the decision: `registration`, `operation status`, `hub connection`, … */
  readonly about: string;
  readonly checks: readonly CheckResult[];
  /** Network address of the client. Absent if the decision is not about a connection. */
  readonly from?: string;
  /** The verified certificates from the leaf upwards. If the issuer of a certificate is missing, the list ends with that certificate. */
  readonly certificates?: readonly CertificateSpan[];
}

/** Returns the failed check that made the decision a refusal, or undefined if all checks passed. */
export function firstFailed(decision: Decision): CheckResult | undefined {
  return decision.checks.find((result) => !result.passed);
}

/** Returns true if a check failed, even a disabled one. The history always records a decision with a failed check. */
export function hasFailedCheck({ checks }: Decision): boolean {
  return checks.some(({ passed, sabotaged }) => !passed || sabotaged === true);
}

/**
 * Collects the checks of one decision. The caller stops when `check` returns false. Only `History.trace` creates
 * traces, so that a disabled check is disabled for every service and device of a scenario or lab.
 */
export class DecisionTrace {
  readonly #checks: CheckResult[] = [];
  #certificates: readonly CertificateSpan[] = [];
  readonly #sabotage: CheckId | undefined;
  readonly judge: Judge;
  readonly subject: string;
  readonly about: string;
  readonly #from: string | undefined;
  readonly #table: CertificateTable;

  /**
   * @param sabotage the disabled check, which always passes.
   * @param options.from network address of the client.
   * @param options.table receives the certificates of the decision.
   */
  constructor(
    judge: Judge,
    subject: string,
    about: string,
    sabotage: CheckId | undefined,
    { from, table }: { readonly from?: string | undefined; readonly table?: CertificateTable } = {},
  ) {
    this.judge = judge;
    this.subject = subject;
    this.about = about;
    this.#sabotage = sabotage;
    this.#from = from;
    this.#table = table ?? new CertificateTable();
  }

  /** Records a check. Returns true if the decision continues: the check passed or is disabled. */
  check(check: CheckId, passed: boolean, expected: string, found: string): boolean {
    const sabotaged = !passed && this.isDisabled(check);
    const result = { check, passed: passed || sabotaged, expected, found };
    this.#checks.push(sabotaged ? { ...result, sabotaged } : result);
    return result.passed;
  }

  /** True if any check is disabled for this run. */
  get hasDisabledCheck(): boolean {
    return this.#sabotage !== undefined;
  }

  /** True if a check of this decision failed and counts as passed, because a mutation test disabled it. */
  get hasDisabledFailure(): boolean {
    return this.#checks.some(({ sabotaged }) => sabotaged === true);
  }

  /** Returns true if `check` is disabled. Use it in code that tests the condition of the check a second time. */
  isDisabled(check: CheckId): boolean {
    return check === this.#sabotage;
  }

  /** Sets the verified certificates, from the leaf upwards. Replaces earlier ones. */
  setCertificates(path: readonly KnownCertificate[]): void {
    this.#certificates = this.#table.keep(path);
  }

  decision(): Decision {
    return {
      judge: this.judge,
      subject: this.subject,
      about: this.about,
      checks: [...this.#checks],
      ...defined({ from: this.#from }),
      ...(this.#certificates.length === 0 ? {} : { certificates: this.#certificates }),
    };
  }
}
