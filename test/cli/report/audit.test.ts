import { expect, test } from 'vitest';
import { AuditTrail } from '../../../core/audit/trail.ts';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';

function trail(): readonly string[] {
  const written = new AuditTrail({ station: 'secure-room', party: 'manufacturer', shiftMs: 3_600_000 }, 0);
  for (const device of ['valve-1', 'valve-2', 'valve-3']) {
    written.enter({ device, registrationId: device, identity: `certificate sha256:${device}` }, 0);
  }
  return written.copy();
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

test('rehearse audit verify reports the first wrong line of a changed audit trail, and exits with 1', async () => {
  const lines = trail();
  const { publicKey }: { publicKey: string } = JSON.parse(lines[0] ?? '');
  const { publicKey: anotherKey }: { publicKey: string } = JSON.parse(trail()[0] ?? '');
  const first = await runWarm(
    {
      'whole.jsonl': text(lines),
      'changed.jsonl': text(lines.with(2, (lines[2] ?? '').replace('valve-2', 'valve-9'))),
      'own.pem': publicKey,
      'other.pem': anotherKey,
      'no.pem': 'no key',
    },
    ['audit', 'verify', 'whole.jsonl'],
  );
  expect(first).toMatchObject({
    exitCode: 0,
    stdout: 'whole.jsonl is unchanged since secure-room wrote it: 3 identities in 1 shift\n',
    stderr: '',
  });
  const verify = (...args: string[]) => runWarmIn(first.folder, ['audit', 'verify', ...args]);
  expect(await verify('whole.jsonl', '--key', 'other.pem')).toMatchObject({ exitCode: 1 });
  expect(await verify('changed.jsonl')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/^changed\.jsonl:3 {2}changed: entry 2 /),
  });
  const told = await verify('changed.jsonl', '--key', 'own.pem', '--json');
  expect(JSON.parse(told.stdout)).toMatchObject({ ok: false, fault: 'changed', line: 3 });
  for (const args of [['nowhere.jsonl'], ['whole.jsonl', '--key', 'no.pem']]) {
    expect(await verify(...args)).toMatchObject({ exitCode: 2, stdout: '' });
  }
});

test('a run writes the audit trail of a production line beside its `run.json`', async () => {
  const scenario = `
title: An audited line
stations: { secure-room: { place: secure-room } }
devices: { valve: { attestation: x509, count: 2 } }
timeline:
  - produce:
      device: valve
      audit: secure-room
      route: [{ at: secure-room, do: [{ issue-certificate: {} }, { enroll: {} }, { package: {} }] }]
    expect: { shipped: 2 }
  - reconcile-audit: secure-room
    expect: { done: true }
`;
  const played = await runWarm({ 'line.yaml': scenario }, ['run', 'line.yaml']);
  expect(played).toMatchObject({ exitCode: 0 });
  expect(played.stdout).toContain('line valve: 2 of 2 shipped; 120 an hour; yield 100 %; online: secure-room;');
  expect(played.results().scenarios[0]?.lines[0]).toMatchObject({ product: 'valve', perHour: 120 });
  const file = 'rehearsal-report/runs/line/audit-secure-room.jsonl';
  expect(await runWarmIn(played.folder, ['audit', 'verify', file])).toMatchObject({ exitCode: 0 });
});
