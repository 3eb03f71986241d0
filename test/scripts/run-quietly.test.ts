import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { runQuietly } from '../../scripts/check/run-quietly.mjs';

test('`runQuietly` ends a program after its time limit, and reports the exceeded limit', async () => {
  const ended = await runQuietly(['sh', '-c', 'echo downloading; exec sleep 600'], tmpdir(), 300);
  expect(ended).toEqual({ failure: 'was ended: it took longer than 0.3 s', output: 'downloading' });
});

test('`runQuietly` does not end a program within its time limit', async () => {
  expect(await runQuietly(['echo', 'made'], tmpdir(), 60_000)).toEqual({ failure: undefined, output: 'made' });
});
