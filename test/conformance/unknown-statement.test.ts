import { expect, test } from 'vitest';
import { runInline } from '../cli/run-inline.ts';

test.each([
  ['P99', /^error: unknown statement P99; the statements with P are P1, P2.+; `rehearse conform --list` shows all\n$/],
  ['T1,p99', /^error: unknown statement P99; /],
  ['Y1', /^error: unknown statement Y1; `rehearse conform --list` shows all\n$/],
  ['tlss', /Unknown statement or group "tlss"; did you mean "tls"\?/],
])('conform --only %s is refused, before a client runs', async (only, sentence) => {
  const { exitCode, stdout, stderr } = await runInline({}, ['conform', '--only', only, '--', './no-client']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
});
