import { nothingPlayed } from '../../core/run/nothing-played.ts';
import type { Run, StepVerdict, VerdictKind } from '../../core/run/run.ts';
import type { View } from '../../reports/define-report.ts';
import type { PlayedRun, Playback } from '../../reports/playback.ts';

/** Settings of a report view, without data of this computer. */
export const sampleView: View = {
  colour: false,
  codeFrame: (_file, line, column) => `> ${line} | expect: \${outcome}\n    | ${' '.repeat(column - 1)}^`,
  replayCommand: (run) => (run === undefined ? 'rehearse run --seed s' : `rehearse run ${run.file} --seed ${run.seed}`),
  reportFolder: 'rehearsal-report',
  page: '<!doctype html>\n<!--data-->\n',
};

/** Returns a simple run in which the given fields are changed. */
export function sampleRun(id: string, kind: VerdictKind, reason: string, more: Partial<Run> = {}): Run {
  return {
    ...nothingPlayed,
    id,
    file: 'warehouse/expiry.yaml',
    title: 'A certificate expires in the warehouse',
    variant: '',
    tags: ['x509'],
    covers: ['warehouse-delay'],
    seed: 's',
    versions: { rehearsal: '0.1.0', node: '20.20.2' },
    verdict: { kind, reason },
    virtualDuration: 'P11M1D',
    wallMs: 420,
    ...more,
  };
}

/** Returns the verdict of a step whose expectation failed. */
export function failedStep(device: string, more: Partial<StepVerdict> = {}): StepVerdict {
  return {
    kind: 'fail',
    reason: 'assigned: expected hub-eu, actual refused by certificate-valid-now',
    step: 2,
    name: 'power-on',
    device,
    line: 31,
    column: 13,
    expected: 'assigned: hub-eu',
    happened: 'refused by certificate-valid-now (401002): Unauthorized',
    trace: [
      { check: 'id-scope-known', passed: true, expected: '0ne00C0FFEE', found: '0ne00C0FFEE' },
      {
        check: 'certificate-valid-now',
        passed: false,
        expected: '2026-01-05T08:00:00.000Z to 2026-04-05T08:00:00.000Z',
        found: '2026-12-06T08:00:00.000Z',
      },
    ],
    ...more,
  };
}

export function played(run: Run, more: Partial<PlayedRun> = {}): PlayedRun {
  return { run, attempts: 1, flaky: false, runFile: `runs/${run.id.replaceAll('/', '-')}/run.json`, ...more };
}

export function playbackOf(runs: readonly PlayedRun[], more: Partial<Playback> = {}): Playback {
  return {
    seed: 's',
    shard: undefined,
    versions: { rehearsal: '0.1.0', node: '20.20.2', swtpm: '0.7.1' },
    attacks: [],
    topics: [],
    complete: true,
    troubles: [],
    wallMs: 2340,
    played: runs,
    ...more,
  };
}

/** A playback with one run of each verdict, and a title with the special characters of every report format. */
export const samplePlayback: Playback = playbackOf(
  [
    played(
      sampleRun('warehouse/expiry/validity=P2Y', 'pass', 'as expected', {
        variant: 'validity=P2Y',
        registrations: [
          {
            device: 'thermostat',
            registrationId: 'thermostat',
            attestation: 'x509',
            transport: 'mqtt',
            outcome: 'assigned',
            sentence: 'the hub accepted telemetry',
            assignedHub: 'hub-eu.azure-devices.net',
            hub: 'hub-eu',
            deviceId: 'thermostat',
            substatus: 'initialAssignment',
            telemetry: 'accepted',
            attempts: 1,
            at: '2026-12-06T08:00:04.000Z',
            took: 'PT6S',
          },
        ],
      }),
      { attempts: 2, flaky: true },
    ),
    played(
      sampleRun(
        'warehouse/expiry/validity=P90D',
        'fail',
        'assigned: expected hub-eu, actual refused by certificate-valid-now',
        {
          variant: 'validity=P90D',
          stepVerdicts: [failedStep('thermostat')],
          registrations: [
            {
              device: 'thermostat',
              registrationId: 'thermostat',
              attestation: 'x509',
              transport: 'mqtt',
              outcome: 'refused',
              sentence: 'DPS answered 401',
              errorCode: 401002,
              check: 'certificate-valid-now',
              decidedBy: 'dps',
              telemetry: 'none',
              attempts: 1,
              at: '2026-12-06T08:00:00.000Z',
              took: 'PT6S',
            },
          ],
        },
      ),
    ),
    played(
      sampleRun('attacks/clone', 'skipped', 'swtpm was not found; install the Debian package swtpm', {
        file: 'attacks/clone.yaml',
        title: 'A clone without the TPM',
        virtualDuration: 'PT0S',
      }),
    ),
    played(
      sampleRun('odd', 'unknown', 'Error: <boom> & "quotes"\n    at x (y.ts:1:1)\u0000\u001B[31m', {
        file: 'odd & "quoted".yaml',
        title:
          'Odd <title> "with" \'quotes\'\r\nlines, 🔥, \u0007bell \u001B[2Jclear \u202Eright-to-left \uFFFE \uD800 ]]>',
        virtualDuration: 'PT61S',
      }),
      { runFile: undefined },
    ),
  ],
  { troubles: ['Error: a worker did not start\n    at somewhere'] },
);

const steady = played(sampleRun('steady', 'pass', 'as expected', { title: 'Steady' }), {
  repeats: { played: 5, differences: [] },
});
const shaky = played(sampleRun('shaky', 'pass', 'as expected', { title: 'Shaky <b>"&' }), {
  flaky: true,
  repeats: {
    played: 5,
    differences: [
      {
        repeat: 3,
        sentences: ['was pass and is fail: outcome', 'meter was assigned to hub-eu and is refused by <b>\u001B[31m'],
        runFile: 'runs/shaky-repeat-3/run.json',
      },
      { repeat: 5, sentences: ['was pass and is unknown: it had not ended'], runFile: undefined },
    ],
  },
});
const tried = played(sampleRun('tried', 'pass', 'as expected', { title: 'Tried again' }), { flaky: true, attempts: 3 });
/** A playback with a run whose repeats are equal, a run whose repeats differ, and a run that passed after a retry. */
export const flakyPlayback: Playback = playbackOf([steady, shaky, tried]);
