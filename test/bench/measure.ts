import { wallMs, type Clock } from '../../core/time/clock.ts';

/** A clock that stands still. Polls do not wait, so a benchmark measures only work. */
export const stillClock: Clock = { now: () => Date.UTC(2026, 5, 1), sleep: async () => {} };

/** Quotas that are never reached. With a clock that stands still, a real quota would be used up. */
export const roomyQuotas = { registrationsPerMinute: 1e9, operationsPerMinute: 1e9, pollsPer10s: 1e9 } as const;

/** Calls `work` `count` times, `width` calls at a time. Returns the number of calls per second. */
export async function perSecond(count: number, width: number, work: (index: number) => Promise<void>): Promise<number> {
  let next = 0;
  const started = wallMs();
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < count) await work(next++);
    }),
  );
  return (count * 1000) / (wallMs() - started);
}
