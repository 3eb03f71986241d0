import type { Run } from '../../core/run/run.ts';
import { pageCertificates } from './page-certificates.ts';
import type { PageCertificate } from './page-data.ts';
import { type Item, SharedTable, type SharedValues } from './shared-values.ts';

/**
 * The runs of report.html, in the form in which the page stores them. A command that waits for other processes can add each run when it
 * ends, so that less work remains at the end of all runs.
 */
export class PageRuns {
  readonly #table = new SharedTable();
  readonly #items = new Map<Run, Item>();
  readonly #certificates = new Map<string, PageCertificate>();

  /** Adds a run. A second call with the same object does nothing. */
  add(run: Run): void {
    if (this.#items.has(run)) return;
    this.#items.set(run, this.#take(run));
    pageCertificates([run], this.#certificates);
  }

  /**
   * Returns runs without their texts and certificates: a part that several runs contain is stored once. Adds the runs that are new. The
   * second result is the certificates of these runs by thumbprint. Call it once.
   */
  write(runs: readonly Run[]): readonly [SharedValues, Readonly<Record<string, PageCertificate>>] {
    const items = runs.map((run) => this.#items.get(run) ?? this.#take(run));
    return [this.#table.write(items), pageCertificates(runs, this.#certificates)];
  }

  #take(run: Run): Item {
    return this.#table.add({ ...run, text: undefined, certificates: undefined });
  }
}
