import { availableParallelism } from 'node:os';

/**
 * Does work for each item, several at once, and returns the results in the order of the items. After a failure, no further work begins, and
 * the returned list ends with the first item that failed.
 */
export async function inParallel<Item, T>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<T>,
): Promise<readonly PromiseSettledResult<T>[]> {
  const ends: PromiseSettledResult<T>[] = [];
  let [next, hasFailed] = [0, false];
  const worker = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const index = next++;
      const [end] = await Promise.allSettled([work(items[index] as Item)]);
      ends[index] = end;
      hasFailed ||= end.status === 'rejected';
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const first = ends.findIndex(({ status }) => status === 'rejected');
  return first < 0 ? ends : ends.slice(0, first + 1);
}

/** A TPM computes its key for a tenth of a second in its own process. More processes than processors only use memory. */
export const chipsAtOnce = Math.max(2, availableParallelism());
