import { describe, expect, test } from 'vitest';
import { loadText } from '../../../cli/files/load-files.ts';
import { isoInstant } from '../../../core/time/clock.ts';
import { startCloud } from '../../../mocks/start-cloud.ts';
import { playScenario } from '../../../sim/play/play-scenario.ts';
import { missingFor, playScript, scenarioText, sentencesOf } from './play-program.ts';

const missing = missingFor();

describe.skipIf(missing.length > 0)('a program in place of a device', () => {
  test('starts only if the user allows programs', async () => {
    const loaded = loadText('meter.yaml', scenarioText('  - power-on: meter\n    expect: { assigned: true }\n'));
    if (!loaded.ok) throw new Error('the scenario has a mistake');
    const [scenario] = loaded.scenarios;
    const run = await playScenario(scenario!, { seed: '1', startCloud, versions: {} as never });
    expect(run.verdict).toEqual({
      kind: 'fail',
      reason:
        'the scenario starts programs on this computer (meter: ./meter.sh); read their code, and allow them with --allow-programs',
    });
  });

  test('sees virtual time, and wakes from its sleeps at the right virtual second', async () => {
    const run = await playScript(
      'date +%FT%T; sleep 90; date +%FT%T; sleep 86400; date +%FT%T; sleep infinity',
      '  - power-on: meter\n    expect: { telemetry: none }\n  - package: meter\n    after: P2D\n',
    );
    expect(
      run.history.flatMap((event) =>
        event.kind === 'deed' && event.sentence.includes('stdout') ? [[isoInstant(event.at), event.sentence]] : [],
      ),
    ).toEqual([
      ['2026-01-05T08:00:00.000Z', 'its program writes to stdout: 2026-01-05T08:00:00'],
      ['2026-01-05T08:01:30.000Z', 'its program writes to stdout: 2026-01-05T08:01:30'],
      ['2026-01-06T08:01:30.000Z', 'its program writes to stdout: 2026-01-06T08:01:30'],
    ]);
  });

  test('sees the clock of its device, also after an empty battery, with a drift, and without NTP', async () => {
    const run = await playScript(
      'date +%F; sleep 86400; date +%FT%T; sleep infinity',
      `  - drain-clock: { device: meter, wakesAt: 1970-01-01T00:00:00Z }
  - power-on: meter
    expect: { telemetry: none }
  - package: meter
    after: P2D
`,
      { device: 'ntp: false\n    clockDrift: 100000' },
    );
    expect(sentencesOf(run).filter((sentence) => sentence.includes('stdout'))).toEqual([
      'its program writes to stdout: 1970-01-01',
      // The clock of the device is a tenth too fast. The program sleeps by the monotonic clock, which has no drift.
      'its program writes to stdout: 1970-01-02T02:24:00',
    ]);
  });

  test('says in which time no hub accepted its telemetry', async () => {
    const run = await playScript(
      'sleep infinity',
      `  - power-on: meter
    expect: { assigned: true }
  - run-in-field: { device: meter, for: P2D, visits: P1D }
    expect: { assigned: true }
`,
      { words: 'ready: PT20M' },
    );
    expect(run.stepVerdicts.map(({ happened }) => happened)).toEqual([
      'failed: its program runs, but no hub has accepted its telemetry within 20 minutes (`ready: PT20M`)',
      'failed: its program runs, but no hub has accepted its telemetry within 1 day (`visits: P1D`)',
    ]);
  });

  test('keeps its state folder through a power cut, and loses it with `clear`', async () => {
    const run = await playScript(
      'echo "$(cat "$HOME/starts" 2>/dev/null)x" >"$HOME/starts"; cat "$HOME/starts"; sleep infinity',
      `  - power-on: meter
    expect: { telemetry: none }
  - power-cut: meter
  - power-on: meter
  - power-off: meter
  - clear: meter
  - power-on: meter
`,
    );
    expect(sentencesOf(run).filter((sentence) => sentence.includes('stdout'))).toEqual([
      'its program writes to stdout: x',
      'its program writes to stdout: xx',
      'its program writes to stdout: x',
    ]);
  });

  test('gets no environment variable of the user, and its credentials are not in the history', async () => {
    process.env['SECRET_OF_THE_USER'] = 'hunter2';
    const run = await playScript(
      'env; cat "$REHEARSAL_KEY_FILE"; echo "token sig=abc%2Fdef&se=1"; sleep infinity',
      '  - issue-certificate: { device: meter, from: ca }\n  - power-on: meter\n    expect: { telemetry: none }\n',
      { words: 'env: { LEVEL: debug }, ready: PT1M' },
    );
    const printed = sentencesOf(run).join('\n');
    expect(printed).not.toContain('hunter2');
    expect(printed).toContain('LEVEL=debug');
    expect(printed).toContain('token sig=[redacted]&se=1');
    expect(printed).not.toMatch(/[A-Za-z0-9+/]{40,}/);
    expect(printed).not.toContain('PRIVATE KEY');
  });

  test('that ignores SIGTERM is killed, and the history records this', async () => {
    const run = await playScript(
      "trap '' TERM; while :; do sleep 10; done",
      '  - power-on: meter\n    expect: { telemetry: none }\n  - power-off: meter\n',
      { words: 'stop: PT0.3S, ready: PT1M' },
    );
    expect(sentencesOf(run)).toContain('its program did not end in PT0.3S after SIGTERM, so the run killed it');
    expect(run.verdict.kind).toBe('pass');
  });

  test('that prints a gigabyte is read up to a limit, which the history states', async () => {
    const run = await playScript(
      'yes | head -c 1000000000; echo done >&2; sleep infinity',
      '  - power-on: meter\n    expect: { telemetry: none }\n  - power-off: meter\n',
      { words: 'ready: PT1M' },
    );
    const sentences = sentencesOf(run);
    expect(sentences.length).toBeLessThan(1020);
    expect(sentences.find((sentence) => sentence.includes('more lines'))).toMatch(
      /its program wrote \d+ more lines and 999737856 more bytes, which the history omits; it has at most 1000 lines and 256 KB for each start/,
    );
  });

  test('that ends makes the registration attempt fail at that moment', async () => {
    const run = await playScript('sleep 5; exit 4', '  - power-on: meter\n    expect: { telemetry: none }\n');
    expect(run.registrations).toMatchObject([
      {
        outcome: 'failed',
        at: '2026-01-05T08:00:05.000Z',
        sentence: expect.stringContaining('ended with exit code 4'),
      },
    ]);
  });

  test('that closes its output and forks into the background is ended together with its child processes', async () => {
    const run = await playScript(
      'exec >&- 2>&-; (setsid sleep infinity &); sleep 5',
      '  - power-on: meter\n    expect: { telemetry: none }\n',
    );
    expect(sentencesOf(run)).toContain('the run ended 1 process that its program left behind');
  });

  test('that waits in a loop for the clock does not block the simulation', async () => {
    const run = await playScript(
      `perl -e '$end = time + 2; 1 while time < $end; print "over\\n"'; sleep infinity`,
      '  - power-on: meter\n    expect: { telemetry: none }\n',
    );
    expect(sentencesOf(run)).toContain('its program writes to stdout: over');
  });
});
