import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { wallMs } from '../../core/time/clock.ts';
import { derivedKey, dpsToken } from '../mocks/clients/credentials.ts';
import { deviceListeners, registerAt, type Told } from '../mocks/clients/device-at-listener.ts';
import { idScope, noon } from '../mocks/clients/open-cloud.ts';
import type { Reachable } from '../mocks/clients/reachable.ts';

/** What the process of the services uses, in MB and in open descriptors. */
interface Use {
  readonly heapMb: number;
  readonly rssMb: number;
  readonly descriptors: number;
}

export interface SoakFigures {
  readonly registrations: number;
  readonly refused: number;
  /** Answers that differ from what the credential of the device earns, the first ten. */
  readonly wrong: readonly string[];
  readonly wrongCount: number;
  readonly seconds: number;
  /** After so many registrations. */
  readonly uses: readonly (Use & { readonly after: number })[];
}

/** One in ten comes with a token of another key. */
const refusedOneIn = 10;
/** So many connections at a time. */
const width = 6;
/** A year ahead, since the clock of the services goes on. */
const expiry = noon / 1000 + 365 * 86_400;

/**
 * Registers devices by turns over HTTPS, MQTT and AMQP with services in a process of their own, and measures what that process uses.
 *
 * @param marks after how many registrations it is measured; the last is the number of all.
 */
export async function soak(marks: readonly number[]): Promise<SoakFigures> {
  const script = new URL('soak-lab.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  try {
    const started = JSON.parse(String((await lines.next()).value)) as {
      readonly ports: Reachable['ports'];
      readonly root: string;
      readonly key: string;
    };
    const cloud = { ports: started.ports, serverRoot: Buffer.from(started.root, 'base64') };
    const key = Buffer.from(started.key, 'base64');
    const wrong: string[] = [];
    const uses: (Use & { after: number })[] = [];
    let [done, refused, wrongCount] = [0, 0, 0];
    const from = wallMs();
    for (const mark of marks) {
      await sideBySide(async () => {
        while (done < mark) {
          const at = done++;
          const isRefused = at % refusedOneIn === refusedOneIn - 1;
          if (isRefused) refused++;
          const problem = await registerOne(cloud, key, at, isRefused);
          if (problem !== undefined && ++wrongCount <= 10) wrong.push(problem);
          // A thousand registrations a minute, whatever the computer does.
          child.stdin.write('advance 60\n');
        }
      });
      child.stdin.write('measure\n');
      uses.push({ after: mark, ...(JSON.parse(String((await lines.next()).value)) as Use) });
    }
    return { registrations: done, refused, wrong, wrongCount, seconds: (wallMs() - from) / 1000, uses };
  } finally {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined;
    child.stdin.end();
    await ended;
  }
}

async function sideBySide(work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: width }, work));
}

/** Returns a sentence if the answer is another than the device has earned. */
async function registerOne(
  cloud: Reachable,
  groupKey: Buffer,
  at: number,
  isRefused: boolean,
): Promise<string | undefined> {
  // A thousand devices, so that what is remembered is about devices and not about calls.
  const id = `device-${Math.floor(at / deviceListeners.length) % 1000}`;
  const door = deviceListeners[at % deviceListeners.length] ?? 'https';
  const key = isRefused ? Buffer.alloc(32, 7) : derivedKey(groupKey, id);
  const token = dpsToken(key, id, { se: expiry, scope: idScope });
  const told: Told | string = await registerAt(door, { cloud }, id, { token }).catch(String);
  if (typeof told !== 'string' && (isRefused ? isRefusal(told) : isAccepted(told))) return undefined;
  return `${door} ${id}, ${isRefused ? 'to be refused' : 'to be accepted'}: ${JSON.stringify(told)}`;
}

function isAccepted({ status, body }: Told): boolean {
  return (status === 202 || status === 'answer') && (body as { status?: unknown }).status === 'assigning';
}

function isRefusal({ status, body }: Told): boolean {
  const { errorCode } = body as { readonly errorCode?: number };
  return (status === 401 || status === 'rejected') && String(errorCode).startsWith('401');
}
