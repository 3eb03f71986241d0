import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../core/history/events.ts';
import type { Pace } from '../../../reports/html/studio-api.ts';
import { loadText } from '../../../cli/files/load-files.ts';
import { Play } from '../../../cli/studio/play.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Plays a shipped scenario. Returns when each event appeared, in milliseconds of the schedule, and the waits of the schedule. */
async function scheduled(file: string, variant: number, pace: Pace) {
  const loaded = loadText(file, readFileSync(join(root, 'scenarios', file), 'utf8'));
  const scenario = loaded.ok ? loaded.scenarios[variant] : undefined;
  if (scenario === undefined) throw new Error(`no variant ${variant} in ${file}`);
  let now = 0;
  const waits: number[] = [];
  const play = new Play(scenario, {
    seed: 'one',
    pace,
    breakpoints: { parties: [], checks: [], steps: [] },
    pauseLimitMs: 600,
    waitPace: (realMs) => {
      now += realMs;
      waits.push(realMs);
      return Promise.resolve(realMs);
    },
  });
  const seen: { readonly event: HistoryEvent; readonly at: number }[] = [];
  play.listen(() => {
    for (const event of play.events().slice(seen.length)) seen.push({ event, at: now });
  });
  const run = await play.ended;
  expect(run.verdict.kind).toBe('pass');
  expect(seen.map(({ event }) => event)).toEqual(run.history);
  return { seen, waits };
}

const isImportant = (event: HistoryEvent): boolean =>
  ['step-started', 'attempt-started', 'attempt-ended'].includes(event.kind) ||
  (event.kind === 'deed' && event.party === 'attacker');

test('at the pace "by event", each step, theft and attempt is visible for a second before the next step, theft or attempt', async () => {
  const { seen, waits } = await scheduled('attacks/stolen-keys/shared-key-leaks.yaml', 0, {
    kind: 'by-event',
    millisPerEvent: 1000,
  });
  const important = seen.filter(({ event }) => isImportant(event));
  expect(important.length).toBeGreaterThan(20);
  const gaps = important.slice(1).map(({ at }, index) => at - (important[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  // The scenario lasts four months, but the schedule waits at most three seconds at a jump of the clock.
  expect(Math.max(...waits)).toBeLessThanOrEqual(3000);
  expect(waits.filter((wait) => wait > 1000)).toEqual([3000]);
});

test('at the pace "by event", a refusal is visible for a second before the attempt ends', async () => {
  const { seen } = await scheduled('attacks/stolen-keys/shared-key-leaks.yaml', 1, {
    kind: 'by-event',
    millisPerEvent: 1000,
  });
  const refusal = seen.find(({ event }) => event.kind === 'decision' && event.checks.some(({ passed }) => !passed));
  const end = seen.find(({ event }) => event.kind === 'attempt-ended' && event.outcome === 'refused');
  expect((end?.at ?? 0) - (refusal?.at ?? 0)).toBeGreaterThanOrEqual(1000);
});

test('at the pace "without pauses", a run in the studio does not wait', async () => {
  const { waits } = await scheduled('attacks/stolen-keys/shared-key-leaks.yaml', 0, { kind: 'at-once' });
  expect(waits).toEqual([]);
});
