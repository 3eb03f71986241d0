import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import type { Ready } from '../../cli/serve/ready.ts';
import { systemClock } from '../../core/time/clock.ts';
import { deriveDeviceKey } from '../../core/wire/sas.ts';
import type { Reachable } from '../mocks/clients/reachable.ts';

/** A running `rehearse serve` with a TPM, and the addresses and credentials for each of its listeners. */
export interface FuzzLab {
  readonly idScope: string;
  readonly cloud: Reachable;
  /** PEM of the root certificate of the server certificates. */
  readonly root: string;
  readonly ports: Readonly<Record<'https' | 'mqtt' | 'amqp' | 'control' | 'tpm' | 'tpm-platform', number>>;
  /** Symmetric key of the device `dev`. */
  readonly key: Buffer;
  /** Expiry of the tokens that clients use, in seconds since 1970. */
  readonly expiry: number;
  /**
   * Ends the lab with SIGTERM. Returns a sentence for each error: if the lab ended before, had an exit code other than 0, or wrote an
   * error to stderr.
   */
  end(): Promise<readonly string[]>;
}

const command = join(import.meta.dirname, '..', '..', 'cli', 'rehearse.mjs');
const file = `
cloud:
  assignment: PT0S
  quotas: { registrationsPerMinute: 100000000, operationsPerMinute: 100000000 }
  enrollmentGroups: { devices: { symmetricKey: true } }
`;

export async function startFuzzLab(): Promise<FuzzLab> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-fuzz-'));
  writeFileSync(join(folder, 'lab.yaml'), file);
  const ports = ['--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0'];
  const child = spawn(process.execPath, [command, 'serve', ...ports, '--json', 'lab.yaml', '--tpm', 'chip'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ready = await readyLine(child, () => stderr);
  const root = readFileSync(ready.ca, 'utf8');
  const tpm = ready.tpms['chip']?.simulator.port ?? 0;
  return {
    idScope: ready.idScope,
    cloud: { ports: ready.ports, serverRoot: new X509Certificate(root).raw },
    root,
    ports: { ...ready.ports, control: Number(new URL(ready.control).port), tpm, 'tpm-platform': tpm + 1 },
    key: deriveDeviceKey(await groupKey(ready), 'dev'),
    expiry: Math.floor(systemClock.now() / 1000) + 365 * 86_400,
    end: async () => {
      const early = child.exitCode ?? child.signalCode;
      const ended = early === null ? once(child, 'exit') : undefined;
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
      return [
        ...(early === null ? [] : [`the lab ended early with ${early}`]),
        ...(early === null && child.exitCode !== 0 ? [`the lab ended with exit code ${child.exitCode}`] : []),
        ...(/fault of its own|\bat .*:\d+:\d+\)/.test(stderr) ? [`the lab wrote ${stderr.slice(0, 500)}`] : []),
      ];
    },
  };
}

async function readyLine(child: ChildProcess, said: () => string): Promise<Ready> {
  let text = '';
  for await (const part of child.stdout ?? []) {
    text += String(part);
    if (text.includes('\n')) break;
  }
  if (!text.includes('\n')) throw new Error(`the lab ended before it was ready: ${said()}`);
  return JSON.parse(text) as Ready;
}

async function groupKey(ready: Ready): Promise<Buffer> {
  const headers = { Authorization: `Bearer ${ready.controlToken}` };
  const answer = await fetch(`${ready.control}/secrets?reveal=true`, { headers });
  const { secrets } = (await answer.json()) as { readonly secrets: readonly { name: string; value: string }[] };
  const found = secrets.find(({ name }) => name === 'devices primaryKey');
  if (found === undefined) throw new Error('the lab has no key of its group');
  return Buffer.from(found.value, 'base64');
}
