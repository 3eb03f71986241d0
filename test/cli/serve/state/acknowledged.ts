import { withinRealTime } from '../../../../core/time/clock.ts';
import type { LabCalls } from './lab-calls.ts';

/** Records the changes that a lab has acknowledged and must have after a restart. */
export class Acknowledged {
  /** The permitted values of each item. An item has two permitted values only while a change is in progress. */
  readonly #expected = new Map<string, readonly unknown[]>();
  #changes = 0;
  readonly #waiting = new Set<() => void>();

  /** Number of acknowledged changes. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * Makes a change. Until the lab acknowledges it, both the old and the new value are permitted. `undefined` means that the item does
   * not exist.
   */
  async change(what: string, next: unknown, work: () => Promise<void>): Promise<void> {
    const before = this.#expected.get(what) ?? [undefined];
    this.#expected.set(what, [...before, next]);
    await work();
    this.#expected.set(what, [next]);
    this.#changes++;
    for (const look of this.#waiting) look();
  }

  /** Resolves when the lab has acknowledged this number of changes. Rejects if it has not done so after a minute. */
  async untilChanges(count: number): Promise<void> {
    const reached = new Promise<void>((done) => {
      const look = (): void => {
        if (this.#changes < count) return;
        this.#waiting.delete(look);
        done();
      };
      this.#waiting.add(look);
      look();
    });
    await withinRealTime(reached, 60_000, `the lab did not acknowledge ${count} changes`);
  }

  /** Returns every item whose value in the lab is not one of the permitted values. */
  async lost(calls: LabCalls): Promise<readonly string[]> {
    const lost: string[] = [];
    const entries = [...this.#expected];
    const work = async (): Promise<void> => {
      for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
        const [what, allowed] = entry;
        const found = await valueOf(calls, what);
        if (!allowed.includes(found)) lost.push(`${what}: found ${String(found)}, expected ${allowed.join(' or ')}`);
        // The lab was killed during the change, so the lab has the old or the new value. From now on, only the value that the lab returned
        // is permitted.
        this.#expected.set(what, [found]);
      }
    };
    await Promise.all(Array.from({ length: 16 }, work));
    return lost;
  }
}

/** Returns the value of an item in the lab. @param what kind and ID, as in `enrollment a`. */
async function valueOf(calls: LabCalls, what: string): Promise<unknown> {
  const [kind, id = ''] = what.split(' ');
  const { status, body } =
    kind === 'enrollment'
      ? await calls.service('GET', `enrollments/${id}`)
      : kind === 'registration'
        ? await calls.service('GET', `registrations/${id}`)
        : await calls.hub('GET', `twins/${id}`);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`GET of ${what} is answered with ${status}`);
  if (kind === 'enrollment') return (body['attestation'] as { type: string }).type;
  if (kind === 'registration') return body['status'];
  return (body['tags'] as { n?: number }).n;
}
