import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Clock } from '../../core/time/clock.ts';
import { History } from '../../core/history/history.ts';
import { group, symmetricKeys } from '../mocks/clients/credentials.ts';
import { idScope, noon, openCloud } from '../mocks/clients/open-cloud.ts';

// Runs the services for soak.ts in a separate process, which is started with --expose-gc. The first line of its output has the address of
// the services and the key of their group. After that, an input line `advance MS` moves the clock, and the process answers a line
// `measure` with its heap, memory and descriptors.
const keys = symmetricKeys();
let now = noon;
const clock: Clock = { now: () => now, sleep: () => Promise.reject(new Error('nothing in the mock cloud sleeps')) };
// The history has the same limit as the history of `rehearse serve`.
const { cloud } = await openCloud({ assignmentMs: 0, clock, history: new History(clock, { limit: 10_000 }) });
cloud.operator.putEnrollmentGroup(group('line', keys));
const root = cloud.serverRoot.toString('base64');
say({ ports: cloud.ports, root, key: keys.primaryKey.toString('base64'), idScope });

for await (const line of createInterface({ input: process.stdin })) {
  const [word, ms] = line.split(' ');
  if (word === 'advance') now += Number(ms);
  if (word !== 'measure') continue;
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  say({ heapMb: toMb(heapUsed), rssMb: toMb(rss), descriptors: descriptors() });
}
await cloud.close();

function toMb(octets: number): number {
  return Math.round(octets / 1024 / 102.4) / 10;
}

/** Returns the number of open descriptors of this process; -1 if the system does not report them. */
function descriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return -1;
  }
}

function say(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
