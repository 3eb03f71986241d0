import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../../core/random.ts';
import { Acknowledged } from './acknowledged.ts';
import { LabCalls } from './lab-calls.ts';
import { startServe } from './serve-process.ts';

export interface KillSettings {
  /** Empty. */
  readonly folder: string;
  readonly seed: string;
  readonly rounds: number;
  /** Number of enrollments in the state before the first kill. */
  readonly enrollments: number;
}

export interface KillFigures {
  readonly kills: number;
  readonly acknowledged: number;
  /** The acknowledged changes that were missing after a restart. */
  readonly lost: readonly string[];
}

/**
 * Kills a lab with SIGKILL repeatedly while clients change it, each time after another number of acknowledged changes. After each restart it looks for the changes that
 * were acknowledged.
 *
 * @throws Error if a state cannot be read.
 */
export async function killRounds({ folder, seed, rounds, enrollments }: KillSettings): Promise<KillFigures> {
  const random = new Random(seed);
  writeFileSync(join(folder, 'lab.yaml'), labYaml);
  const acknowledged = new Acknowledged();
  const lost: string[] = [];
  let groupKey: Buffer | undefined;
  let number = 0;
  for (let round = 0; round <= rounds; round++) {
    const lab = await startServe(folder, ['lab.yaml', '--state', 'lab.state']);
    const calls = new LabCalls(lab.ready);
    const group = await calls.service('POST', 'enrollmentGroups/devices/attestationmechanism');
    const key = Buffer.from((group.body['symmetricKey'] as { primaryKey: string }).primaryKey, 'base64');
    groupKey ??= key;
    if (!groupKey.equals(key)) throw new Error('the key of the group changed in a restart');
    try {
      if (round === 0) await enrollMany(calls, enrollments);
      lost.push(...(await acknowledged.lost(calls)));
    } catch (error) {
      // No round has killed the lab yet. So either the lab ended without a kill, which stderr explains, or the lab gave a wrong answer.
      const { exitCode, signalCode } = lab.child;
      const end = `exit code ${String(exitCode)}, signal ${String(signalCode)}, stderr: ${lab.stderr()}`;
      throw new Error(`round ${round}: ${error instanceof Error ? error.message : String(error)} (${end})`, {
        cause: error,
      });
    }
    if (round < rounds) {
      const clients = Array.from({ length: 10 }, (_, index) =>
        actUntilKilled({ calls, acknowledged, key, next: () => ++number, isMqtt: index < 2 }),
      );
      await acknowledged.untilChanges(acknowledged.changes + 10 + Math.floor(random.number() * 60));
      await lab.end('SIGKILL');
      calls.close();
      await Promise.all(clients);
    } else {
      calls.close();
      const exitCode = await lab.end('SIGTERM');
      if (exitCode !== 0) throw new Error(`the lab ended with ${String(exitCode)}: ${lab.stderr()}`);
    }
  }
  return { kills: rounds, acknowledged: acknowledged.changes, lost };
}

export const labYaml = `
cloud:
  assignment: PT0S
  quotas: { registrationsPerMinute: 10000000, operationsPerMinute: 10000000, pollsPer10s: 10000000 }
  enrollmentGroups: { devices: { symmetricKey: true } }
`;

/** Enrolls `count` devices, 16 at a time. */
export async function enrollMany(calls: LabCalls, count: number): Promise<void> {
  let left = count;
  const work = async (): Promise<void> => {
    for (let n = left--; n > 0; n = left--) await enroll(calls, `base-${n}`);
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

async function enroll(calls: LabCalls, registrationId: string): Promise<void> {
  const attestation = { type: 'symmetricKey' };
  const { status } = await calls.service('PUT', `enrollments/${registrationId}`, { registrationId, attestation });
  if (status !== 200) throw new Error(`the enrollment is answered with ${status}`);
}

interface Client {
  readonly calls: LabCalls;
  readonly acknowledged: Acknowledged;
  readonly key: Buffer;
  /** Returns a new number for a device at each call. */
  readonly next: () => number;
  readonly isMqtt: boolean;
}

/** Enrolls and registers devices, writes to their twins and removes them, until a call fails because the lab was killed. */
async function actUntilKilled({ calls, acknowledged, key, next, isMqtt }: Client): Promise<void> {
  try {
    for (;;) {
      const id = `dev-${next()}`;
      await acknowledged.change(`enrollment e${id}`, 'symmetricKey', () => enroll(calls, `e${id}`));
      await acknowledged.change(`registration ${id}`, 'assigned', async () => {
        const status = isMqtt
          ? await calls.registerByMqtt(id, key)
          : (await calls.registerByHttps(id, key)).body['status'];
        if (status !== 'assigned') throw new Error(`the registration ends with ${String(status)}`);
      });
      for (const n of [1, 2]) {
        await acknowledged.change(`twin ${id}`, n, async () => {
          const { status } = await calls.hub('PATCH', `twins/${id}`, { tags: { n } });
          if (status !== 200) throw new Error(`the write to the twin is answered with ${status}`);
        });
      }
      await acknowledged.change(`enrollment e${id}`, undefined, async () => {
        const { status } = await calls.service('DELETE', `enrollments/e${id}`);
        if (status !== 204) throw new Error(`the removal is answered with ${status}`);
      });
    }
  } catch (error) {
    // An unexpected answer of the lab is an error of the lab and not the effect of a kill.
    if (error instanceof Error && / with /.test(error.message)) throw error;
  }
}
