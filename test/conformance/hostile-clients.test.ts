import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { playWorld } from '../../cli/conform/play-world.ts';
import type { World } from '../../sim/conformance/worlds/world.ts';

/** Runs a shell script as the client in one short world, which is the setting of a lab in `rehearse conform`. */
function play(script: string, observeMs = 1500) {
  const world: World = { id: 'short', title: 'A short observation', observeMs };
  return playWorld(world, {
    command: ['/bin/sh', '-c', script],
    folder: tmpdir(),
    environment: { CLIENT_MARK: mark },
    commandOf: {},
    without: [],
  });
}

const mark = `conform-${process.pid}-hostile`;

/** Returns the processes that a client of this file left behind. */
function leftBehind(): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(`CLIENT_MARK=${mark}`);
    } catch {
      return false;
    }
  });
}

test.skipIf(process.platform !== 'linux').each([
  ['exits at once', 'exit 7', /ended by itself: exit code 7/],
  ['never connects', 'exec sleep 1000', /reached its limit of 1.5 s/],
  ['ignores SIGTERM', 'trap "" TERM; while :; do sleep 0.1; done', /ignored SIGTERM for 2 s and was killed/],
  ['leaves a background process', '(setsid sleep 1000 &) ; exit 0', /left 1 process behind|ended by itself/],
  ['closes stdout and stderr', 'exec >&- 2>&-; exec sleep 1000', /reached its limit/],
  ['prints without end', 'exec yes', /printed \d+ bytes more than the runner reads/],
])('a client that %s is ended within a time limit and leaves no process', async (_what, script, sentence) => {
  const { outcome, record } = await play(script);
  expect(outcome.end).toMatch(sentence);
  expect(outcome.output.length).toBeLessThanOrEqual(4100);
  expect(record.events.at(0)).toMatchObject({ kind: 'started', boot: 1 });
  expect(leftBehind()).toEqual([]);
});

test('`playWorld` throws an error that names the program of the client if this program does not exist', async () => {
  const world: World = { id: 'short', title: 'A short observation', observeMs: 1000 };
  const client = { command: ['./no-such-program'], folder: tmpdir(), environment: {}, commandOf: {}, without: [] };
  await expect(playWorld(world, client)).rejects.toThrow(/no program \.\/no-such-program/);
});

test('the record and the output of a client do not contain the credential of the client', async () => {
  const { record, outcome } = await play('cat "$REHEARSAL_SYMMETRIC_KEY_FILE"; echo; exit 0');
  expect(outcome.output).toContain('…');
  expect(JSON.stringify([record, outcome])).not.toMatch(/[A-Za-z0-9+/]{43}=/);
});
