import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallMs, withinRealTime } from '../../core/time/clock.ts';
import { secret } from '../cli/serve/lab-process.ts';
import { fleetLab, MqttFleet } from '../cli/serve/mqtt-fleet.ts';
import { startServe, type ServeProcess } from '../cli/serve/state/serve-process.ts';

/** Lets `rehearse serve` write its heap in bytes to stderr after a garbage collection, when it gets SIGUSR2. */
const heapReporter = `data:text/javascript,${encodeURIComponent(`
  process.on('SIGUSR2', () => { gc(); gc(); process.stderr.write('heap ' + process.memoryUsage().heapUsed + '\\n'); });
`)}`;

async function withLab<T>(work: (lab: ServeProcess, fleet: MqttFleet) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-bench-'));
  writeFileSync(join(folder, 'lab.yaml'), fleetLab);
  const lab = await startServe(folder, ['lab.yaml'], { nodeArguments: ['--expose-gc', '--import', heapReporter] });
  try {
    return await work(lab, new MqttFleet(lab.ready, await secret(lab.ready, 'devices primaryKey')));
  } finally {
    await lab.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts the outcomes of 200 and of 500 devices that register over MQTT at the same time and disconnect. */
export function serveBurst(): Promise<object> {
  return withLab(async (_lab, fleet) => {
    const figures: Record<string, object> = {};
    for (const count of [200, 500]) {
      const started = wallMs();
      const outcomes = await fleet.registerAtOnce(namesOf('burst', count));
      const perSecond = Math.round((count * 1000) / (wallMs() - started));
      figures[`of${count}`] = { outcomes, failed: count - (outcomes['assigned'] ?? 0), perSecond };
    }
    return figures;
  });
}

/**
 * Measures the heap of a lab, after a garbage collection, while the same 500 devices register over MQTT repeatedly. Before the first
 * measurement, the history of the lab has reached its limit.
 */
export function serveMemory(): Promise<object> {
  return withLab(async (lab, fleet) => {
    const names = namesOf('memory', 500);
    const heapMb: Record<number, number> = {};
    let done = 0;
    for (const mark of [5000, 10_000, 20_000]) {
      for (; done < mark; done += names.length) {
        const waiting = [...names];
        const work = async (): Promise<void> => {
          for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
            const outcome = await fleet.register(name);
            if (outcome !== 'assigned') throw new Error(`${name}: ${outcome}`);
          }
        };
        await Promise.all(Array.from({ length: 8 }, work));
      }
      heapMb[mark] = (await heapOf(lab)) / 1024 / 1024;
    }
    const [of5000 = Number.NaN, of10000 = Number.NaN, of20000 = Number.NaN] = Object.values(heapMb);
    return {
      heapMb: Object.fromEntries(
        Object.entries(heapMb).map(([mark, megabytes]) => [mark, Number(megabytes.toFixed(1))]),
      ),
      heapRatioOf10000To5000: Number((of10000 / of5000).toFixed(3)),
      heapRatioOf20000To5000: Number((of20000 / of5000).toFixed(3)),
    };
  });
}

/** Returns the heap of a lab in bytes, after a garbage collection. */
async function heapOf(lab: ServeProcess): Promise<number> {
  const before = reports(lab).length;
  const reported = new Promise<number>((done) => {
    lab.child.stderr?.on('data', () => {
      const found = reports(lab)[before];
      if (found !== undefined) done(found);
    });
  });
  lab.child.kill('SIGUSR2');
  return withinRealTime(reported, 60_000, 'the lab did not report its heap');
}

function reports(lab: ServeProcess): readonly number[] {
  return [...lab.stderr().matchAll(/^heap (\d+)$/gm)].map(([, bytes]) => Number(bytes));
}

function namesOf(kind: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${index}`);
}
