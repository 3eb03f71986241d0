import { wallMs, type Clock } from '../../core/time/clock.ts';

/** A clock that stands still: polls do not wait, so that only work is measured. */
export const stillClock: Clock = { now: () => Date.UTC(2026, 5, 1), sleep: async () => {} };

/** With a clock that stands still, any quota would be used up. */
export const roomyQuotas = { registrationsPerMinute: 1e9, operationsPerMinute: 1e9, pollsPer10s: 1e9 } as const;

/** Runs `work` `count` times, `width` of them side by side; returns how many a second. */
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
