import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Clock } from '../../core/time/clock.ts';
import { History } from '../../core/history/history.ts';
import { group, symmetricKeys } from '../mocks/clients/credentials.ts';
import { idScope, noon, openCloud } from '../mocks/clients/open-cloud.ts';

// The services for soak.ts in a separate process, started with --expose-gc. The first line has their address and the key of their
// group. After that each line `advance MS` moves the clock, and each line `measure` is answered with heap, memory and descriptors.
const keys = symmetricKeys();
let now = noon;
const clock: Clock = { now: () => now, sleep: () => Promise.reject(new Error('nothing in the mock cloud sleeps')) };
// The same limit as the history of `rehearse serve`.
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

/** Open descriptors of this process; -1 if the system does not report them. */
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
