import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { History } from '../../../core/history/history.ts';
import { VirtualClock } from '../../../core/time/clock.ts';
import { Program, type ProgramSurroundings } from '../../../sim/programs/program.ts';
import { Programs } from '../../../sim/programs/programs.ts';

const start = Date.UTC(2026, 0, 5, 8);

/** Returns the decision of a hub about a connection of a device. */
function connection(hub: string, from: string, passed: boolean): HistoryEvent {
  const checks = [{ check: 'hub-identity-found', passed, expected: 'meter', found: 'meter' }] as const;
  return { at: start, kind: 'decision', judge: 'hub', subject: 'meter', about: `connection to ${hub}`, checks, from };
}

test('the telemetry that a program sends at another hub between two steps counts as its last accepted telemetry', () => {
  const clock = new VirtualClock(start);
  const device = { name: 'meter', address: '127.0.0.9' } as never;
  const program = new Program(device, {} as never, { clock } as unknown as ProgramSurroundings);
  const programs = new Programs(new History(clock));
  programs.add(program);

  programs.onEvent(connection('hub-a', '127.0.0.9', true));
  programs.onTelemetry('hub-b', 'meter');
  expect(program.acceptedAt).toBeUndefined();
  programs.onEvent(connection('hub-b', '127.0.0.8', true));
  programs.onEvent(connection('hub-b', '127.0.0.9', false));
  programs.onTelemetry('hub-b', 'meter');
  expect(program.acceptedAt).toBeUndefined();

  // No step observes the program now.
  programs.onEvent(connection('hub-b', '127.0.0.9', true));
  programs.onTelemetry('hub-b', 'meter');
  expect(program.acceptedAt).toBe(start);
});
