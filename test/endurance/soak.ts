import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { wallMs } from '../../core/time/clock.ts';
import { derivedKey, dpsToken } from '../mocks/clients/credentials.ts';
import { deviceListeners, registerAt, type Told } from '../mocks/clients/device-at-listener.ts';
import { idScope, noon } from '../mocks/clients/open-cloud.ts';
import type { Reachable } from '../mocks/clients/reachable.ts';

/** Memory in MB and open descriptors of the service process. */
interface Use {
  readonly heapMb: number;
  readonly rssMb: number;
  readonly descriptors: number;
}

export interface SoakFigures {
  readonly registrations: number;
  readonly refused: number;
  /** The first ten answers that do not match the credential of the device. */
  readonly wrong: readonly string[];
  readonly wrongCount: number;
  readonly seconds: number;
  /** `after` is the number of registrations before the measurement. */
  readonly uses: readonly (Use & { readonly after: number })[];
}

/** One device in ten uses a token that is signed with another key. */
const refusedOneIn = 10;
/** Number of simultaneous connections. */
const width = 6;
/** The tokens are valid for a year, because the clock of the services advances. */
const expiry = noon / 1000 + 365 * 86_400;

/**
 * Registers devices over HTTPS, MQTT and AMQP in turn, with services in a separate process, and measures the resources of that process.
 * @param marks numbers of registrations after which the function measures; the last number is the total.
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
          // The services permit 1000 registrations per minute of virtual time, so each turn moves the clock by 60 ms.
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

/** Registers one device. Returns a sentence if the answer does not match the credential of the device. */
async function registerOne(
  cloud: Reachable,
  groupKey: Buffer,
  at: number,
  isRefused: boolean,
): Promise<string | undefined> {
  // The test reuses 1000 device IDs, so that memory may grow with devices but not with calls.
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
