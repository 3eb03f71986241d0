import { setImmediate as realTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  AdvancingClock,
  isoInstant,
  parseInstant,
  SkewedClock,
  systemClock,
  VirtualClock,
  withinRealTime,
} from '../../../core/time/clock.ts';

const start = 1_700_000_000_000;
const yearMs = 365 * 24 * 3600 * 1000;

const play = async (): Promise<string> => {
  const log: string[] = [];
  const clock = new VirtualClock(start, (_from, to) => log.push(`→${to - start}`));
  await clock.run(() =>
    clock.all(
      ['a', 'b', 'c'].map((name, index) => async () => {
        for (let round = 0; round < 4; round++) {
          for (let turn = (index + round) % 3; turn > 0; turn--) await realTurn();
          log.push(`${name}${round}`);
          await clock.sleep(10 * (index + 1));
        }
      }),
    ),
  );
  return log.join(' ');
};

function clocks(): { truth: VirtualClock; own: SkewedClock } {
  const truth = new VirtualClock(start);
  return { truth, own: new SkewedClock(truth) };
}

describe('the virtual clock', () => {
  test('stands still while an actor waits for real I/O', async () => {
    const jumps: number[] = [];
    const clock = new VirtualClock(start, (_from, to) => jumps.push(to));
    await clock.run(async () => {
      const other = clock.run(() => clock.sleep(1000));
      for (let turn = 0; turn < 20; turn++) await realTurn();
      expect(clock.now()).toBe(start);
      expect(jumps).toEqual([]);
      await clock.sleep(500);
      expect(clock.now()).toBe(start + 500);
      await clock.sleep(1000);
      await other;
    });
    expect(jumps).toEqual([start + 500, start + 1000, start + 1500]);
  });

  test('jumps over years and calls `onJump` before the sleeper wakes', async () => {
    const seen: string[] = [];
    const clock = new VirtualClock(start, (from, to) => seen.push(`jump ${(to - from) / yearMs}`));
    await clock.run(async () => {
      await clock.sleep(11 * yearMs);
      seen.push('awake');
    });
    expect(seen).toEqual(['jump 11', 'awake']);
    expect(clock.now()).toBe(start + 11 * yearMs);
  });

  test.each([[0], [-1], [-yearMs]])(
    'does not move and does not call `onJump` for a sleep of %i ms',
    async (durationMs) => {
      const jumps: number[] = [];
      const clock = new VirtualClock(start, (_from, to) => jumps.push(to));
      await clock.run(() => clock.sleep(durationMs));
      expect(clock.now()).toBe(start);
      expect(jumps).toEqual([]);
    },
  );

  test('lets only one actor work at a time, even while actors wait for real I/O', async () => {
    const clock = new VirtualClock(start);
    let working = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      working++;
      most = Math.max(most, working);
      await realTurn();
      await realTurn();
      working--;
    };
    await clock.run(() =>
      clock.all(
        Array.from({ length: 8 }, (_, index) => async () => {
          for (let round = 0; round < 5; round++) {
            await work();
            await clock.sleep((index * 7 + round * 3) % 5);
          }
          await work();
        }),
      ),
    );
    expect(most).toBe(1);
  });

  test('wakes actors in the order of their wake-up times, and actors with equal times in the order of their sleep calls', async () => {
    const clock = new VirtualClock(start);
    const woken: string[] = [];
    const sleeper = (name: string, durationMs: number) => async () => {
      await clock.sleep(durationMs);
      woken.push(`${name}@${clock.now() - start}`);
      await clock.sleep(0);
      woken.push(`${name}'`);
    };
    await clock.run(() =>
      clock.all([
        sleeper('late', 30),
        sleeper('one', 10),
        sleeper('two', 10),
        sleeper('three', 10),
        sleeper('soon', 5),
      ]),
    );
    expect(woken).toEqual([
      'soon@5',
      "soon'",
      'one@10',
      'two@10',
      'three@10',
      "one'",
      "two'",
      "three'",
      'late@30',
      "late'",
    ]);
  });

  test('runs the same actors in the same order each time', async () => {
    const first = await play();
    expect(first).toContain('a3');
    for (let again = 0; again < 5; again++) expect(await play()).toBe(first);
  });

  test('returns the results of `all()` in the order of the actors, and then runs no other actor before the caller of `all()`', async () => {
    const clock = new VirtualClock(start);
    const order: string[] = [];
    await clock.run(async () => {
      const bystander = clock.run(async () => {
        await clock.sleep(20);
        order.push('bystander');
      });
      const ended = await clock.all([
        async () => (await clock.sleep(20), 'slow'),
        async () => (await clock.sleep(1), 'fast'),
      ]);
      expect(ended).toEqual(['slow', 'fast']);
      order.push('caller');
      await realTurn();
      order.push('still the caller');
      await clock.sleep(0);
      await bystander;
    });
    // The bystander began to sleep before the slow work began, so the clock wakes the bystander first. No actor runs between the slow work
    // and the caller.
    expect(order).toEqual(['bystander', 'caller', 'still the caller']);
  });

  test('returns from nested calls of `all()`, and from a call without actors', async () => {
    const clock = new VirtualClock(start);
    const done: string[] = [];
    await clock.run(async () => {
      expect(await clock.all([])).toEqual([]);
      await clock.all(
        ['x', 'y'].map((outer) => async () => {
          await clock.all(
            [1, 2].map((inner) => async () => {
              await clock.sleep(inner);
              done.push(outer + inner);
            }),
          );
          await clock.sleep(1);
        }),
      );
    });
    expect(done).toEqual(['x1', 'y1', 'x2', 'y2']);
    expect(clock.now()).toBe(start + 3);
  });

  test('continues with the other actors if one actor throws', async () => {
    const clock = new VirtualClock(start);
    let finished = false;
    await clock.run(async () => {
      const together = clock.all([
        async () => {
          await clock.sleep(1);
          throw new Error('out of order');
        },
        async () => {
          await clock.sleep(yearMs);
          finished = true;
        },
      ]);
      await expect(together).rejects.toThrow('out of order');
      expect(finished).toBe(true);
      await clock.sleep(5);
    });
    await expect(clock.run(async () => await Promise.reject(new Error('again')))).rejects.toThrow('again');
    await clock.run(() => clock.sleep(7));
    expect(clock.now()).toBe(start + yearMs + 12);
  });
});

describe('a real-time clock that clients can advance', () => {
  const yearMs = 365 * 86_400_000;

  test('shows the time of the computer plus the time by which clients advanced the clock, and never goes back', () => {
    const clock = new AdvancingClock(1000);
    expect(Math.abs(clock.now() - 1000 - Date.now())).toBeLessThan(500);
    clock.advance(yearMs);
    clock.advance(-yearMs);
    expect(clock.leadMs).toBe(yearMs + 1000);
    expect(Math.abs(clock.now() - yearMs - 1000 - Date.now())).toBeLessThan(500);
  });

  test('wakes only sleepers whose time has come, even if a sleep is longer than the limit of a Node timer', async () => {
    const clock = new AdvancingClock();
    const woken: string[] = [];
    const sleepers = [
      clock.sleep(yearMs).then(() => woken.push('year')),
      clock.sleep(1000).then(() => woken.push('second')),
      clock.sleep(-5).then(() => woken.push('at once')),
    ];
    await sleepers[2];
    expect(woken).toEqual(['at once']);
    clock.advance(1000);
    await sleepers[1];
    clock.advance(yearMs - 60_000);
    await new Promise((done) => setTimeout(done, 20));
    expect(woken).toEqual(['at once', 'second']);
    clock.advance(60_000);
    await sleepers[0];
  });

  test('wakes a sleeper in real time if no client advances the clock', async () => {
    const clock = new AdvancingClock();
    const alive = setInterval(() => {}, 1000);
    const before = clock.now();
    await clock.sleep(30);
    clearInterval(alive);
    expect(clock.now() - before).toBeGreaterThanOrEqual(29);
  });
});

describe('the clock of a device', () => {
  test('shows the true time at first', async () => {
    const { truth, own } = clocks();
    await truth.run(() => own.sleep(yearMs));
    expect(own.now()).toBe(truth.now());
    expect(own.now()).toBe(start + yearMs);
  });

  test('with an empty battery starts in 1970 and then runs normally', async () => {
    const { truth, own } = clocks();
    own.set(0);
    expect(own.now()).toBe(0);
    await truth.run(() => truth.sleep(90_000));
    expect(own.now()).toBe(90_000);
  });

  test.each([
    [20, 86_400_000, 86_400_000 + 1728],
    [-100, 86_400_000, 86_400_000 - 8640],
    [0, 86_400_000, 86_400_000],
  ])('with a drift of %i ppm shows, after %i ms of true time, %i ms', async (ppm, elapsedMs, shown) => {
    const { truth, own } = clocks();
    own.drift(ppm);
    await truth.run(() => truth.sleep(elapsedMs));
    expect(own.now() - start).toBe(shown);
  });

  test('keeps the elapsed time if its drift changes', async () => {
    const { truth, own } = clocks();
    own.drift(1000);
    await truth.run(() => truth.sleep(1_000_000));
    const before = own.now();
    own.drift(-1000);
    expect(own.now()).toBe(before);
    await truth.run(() => truth.sleep(1_000_000));
    expect(own.now()).toBe(start + 2_000_000);
  });

  test('shows the true time after NTP synchronisation, and then drifts again', async () => {
    const { truth, own } = clocks();
    own.drift(1000);
    own.set(0);
    await truth.run(() => truth.sleep(1_000_000));
    own.synchronise();
    expect(own.now()).toBe(truth.now());
    await truth.run(() => truth.sleep(1_000_000));
    expect(own.now()).toBe(truth.now() + 1000);
  });
});

describe('the code that parses and formats instants', () => {
  test.each([
    ['2026-01-05T08:00:00Z', Date.UTC(2026, 0, 5, 8)],
    ['2026-01-05T08:00:00.250Z', Date.UTC(2026, 0, 5, 8, 0, 0, 250)],
    ['2026-01-05T08:00:00+02:00', Date.UTC(2026, 0, 5, 6)],
    ['2026-01-05T08:00Z', Date.UTC(2026, 0, 5, 8)],
    ['1969-12-31T23:59:59Z', -1000],
  ])('accepts %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  test.each([
    [''],
    ['2026-01-05'],
    ['2026-01-05T08:00:00'],
    ['2026-13-05T08:00:00Z'],
    ['2026-01-05T25:00:00Z'],
    ['5 January 2026'],
    ['2026-01-05T08:00:00Z '],
    ['2026-01-05 08:00:00Z'],
    ['2026-01-05T24:00:00Z'],
  ])('rejects %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test('writes an instant in ISO 8601, or as a number of milliseconds if it is outside the calendar', () => {
    expect(isoInstant(start)).toBe('2023-11-14T22:13:20.000Z');
    expect(isoInstant(8.64e15)).toBe('+275760-09-13T00:00:00.000Z');
    expect(isoInstant(8.64e15 + 1)).toBe('8640000000000001 ms');
    expect(isoInstant(-1e18)).toBe('-1000000000000000000 ms');
  });

  test.each([['2026-02-29T00:00:00Z'], ['2026-04-31T00:00:00Z']])('rejects the nonexistent date %s', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('a bounded wait for real I/O', () => {
  test('returns the result or throws the error of the I/O', async () => {
    await expect(withinRealTime(Promise.resolve('come'), 1000, 'nothing came')).resolves.toBe('come');
    await expect(withinRealTime(Promise.reject(new Error('broke')), 1000, 'nothing came')).rejects.toThrow('broke');
  });

  test('fails with the given message after the limit', async () => {
    const never = new Promise<never>(() => {});
    await expect(withinRealTime(never, 20, 'nothing came')).rejects.toThrow('nothing came (waited 0.02 s)');
  });

  test('does not count the time for which a viewer pauses the simulation', async () => {
    let goOn = (): void => {};
    const clock = new VirtualClock(start, undefined, () => new Promise((done) => (goOn = done)));
    const answer = clock.run(() => clock.sleep(1000)).then(() => 'late, and in time');
    const bounded = withinRealTime(answer, 20, 'nothing came');
    // The pause is several times longer than the limit, so the timer fires during the pause and starts again.
    await systemClock.sleep(120);
    goOn();
    await expect(bounded).resolves.toBe('late, and in time');
    // After the pause, the time limit applies to the next promise as before.
    const never = new Promise<never>(() => {});
    await expect(withinRealTime(never, 20, 'nothing came')).rejects.toThrow('nothing came (waited 0.02 s)');
  });

  test('does not count a pause that begins during the wait', async () => {
    let goOn = (): void => {};
    const clock = new VirtualClock(start, undefined, () => new Promise((done) => (goOn = done)));
    const never = new Promise<never>(() => {});
    const ended = withinRealTime(never, 50, 'nothing came').catch((error: unknown) => String(error));
    const slept = clock.run(() => clock.sleep(1000));
    const stillWaiting = systemClock.sleep(120).then(() => 'still waiting');
    expect(await Promise.race([ended, stillWaiting])).toBe('still waiting');
    goOn();
    await slept;
    expect(await ended).toMatch(/nothing came/);
  });
});
