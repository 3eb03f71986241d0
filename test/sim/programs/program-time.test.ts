import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isoInstant } from '../../../core/time/clock.ts';
import type { Run } from '../../../core/run/run.ts';
import { missingFor, playScript } from './play-program.ts';

/** Waits with a timerfd, with the alarm of the process, and with a repeated interval timer. */
const timers = `#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
static void show(const char *what) {
  time_t now = time(NULL);
  char text[40];
  strftime(text, sizeof text, "%FT%T", gmtime(&now));
  printf("%s %s\\n", what, text);
  fflush(stdout);
}
static void nothing(int number) { (void)number; }
int main(void) {
  int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  struct itimerspec in_a_day = {.it_value = {.tv_sec = 86400}};
  uint64_t ended;
  timerfd_settime(timer, 0, &in_a_day, NULL);
  if (read(timer, &ended, sizeof ended) == sizeof ended) show("timerfd");
  signal(SIGALRM, nothing);
  alarm(3600);
  pause();
  show("alarm");
  struct itimerval each_minute = {.it_interval = {.tv_sec = 60}, .it_value = {.tv_sec = 60}};
  setitimer(ITIMER_REAL, &each_minute, NULL);
  for (int i = 0; i < 2; i++) {
    pause();
    show("interval");
  }
  return 0;
}
`;

const folder = mkdtempSync(join(tmpdir(), 'rehearse-timers-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the lines that the program printed, each with its virtual time. */
function printed(run: Run): readonly string[] {
  return run.history.flatMap((event) => {
    const line = event.kind === 'deed' ? event.sentence.split('its program writes to stdout: ')[1] : undefined;
    return line === undefined ? [] : [`${isoInstant(event.at).slice(0, 19)} ${line}`];
  });
}

describe.skipIf(missingFor().length > 0)('the time of a program', () => {
  beforeAll(() => {
    writeFileSync(join(folder, 'timers.c'), timers);
    execFileSync('cc', ['-o', join(folder, 'timers'), join(folder, 'timers.c')]);
  });

  test('lets `timerfd`, `alarm` and `setitimer` expire at the right virtual second', async () => {
    const run = await playScript(
      `exec ${join(folder, 'timers')}`,
      '  - power-on: meter\n    expect: { telemetry: none }\n  - package: meter\n    after: P2D\n',
    );
    expect(printed(run)).toEqual([
      '2026-01-06T08:00:00 timerfd 2026-01-06T08:00:00',
      '2026-01-06T09:00:00 alarm 2026-01-06T09:00:00',
      '2026-01-06T09:01:00 interval 2026-01-06T09:01:00',
      '2026-01-06T09:02:00 interval 2026-01-06T09:02:00',
    ]);
  });

  test('passes at a multiple of the real time with `time: xN`', async () => {
    const began = performance.now();
    const run = await playScript(
      'date +%T; sleep 120; date +%T; sleep infinity',
      '  - power-on: meter\n    expect: { telemetry: none }\n',
      { words: 'time: x60, ready: PT3M' },
    );
    // Three minutes at 60 times the real time are 3 seconds.
    expect(performance.now() - began).toBeGreaterThan(3000);
    const [first = '', second = ''] = printed(run);
    const seconds = (line: string): number => Date.parse(`${line.slice(0, 19)}Z`) / 1000;
    expect(seconds(second) - seconds(first)).toBeGreaterThanOrEqual(120);
    expect(seconds(second) - seconds(first)).toBeLessThan(180);
  });
});
