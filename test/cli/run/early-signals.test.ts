import { expect, test } from 'vitest';
import { startInline } from '../run-inline.ts';

const files = { 'a.yaml': 'title: A\ndevices: { d: { attestation: symmetric-key } }\ntimeline:\n  - power-on: d\n' };

/** Sends the signal as soon as rehearse has a handler for it. At this moment only the first file of rehearse is loaded. */
const signalAtStart = (signal: string): string =>
  `data:text/javascript,${encodeURIComponent(
    `const timer = setInterval(() => process.listenerCount('${signal}') > 0 && (clearInterval(timer), process.kill(process.pid, '${signal}')), 1)`,
  )}`;

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('the signal %s ends a command that has not started yet, with exit code %i', async (signal, exitCode) => {
  for (const words of [['run', 'a.yaml'], ['serve'], ['studio', 'a.yaml']]) {
    const { child, ended } = startInline(files, words, { NODE_OPTIONS: `--import=${signalAtStart(signal)}` });
    const outcome = await ended;
    expect({ words, exitCode: outcome.exitCode, signal: child.signalCode }).toEqual({ words, exitCode, signal: null });
  }
});
