import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Ready } from '../../../cli/serve/ready.ts';
import { command, type Files, type Outcome, startInline, startWithDescriptors, type Started } from '../run-inline.ts';
import { runWarm, startWarm, startWarmIn, type WarmStarted } from '../warm/warm-command.ts';

/** A `rehearse serve` command that is ready. */
export interface ServingLab extends Omit<Started, 'child'> {
  readonly ready: Ready;
  /** Sends a signal to the lab and waits until it ends. */
  end(signal?: NodeJS.Signals): Promise<Outcome>;
}

const freePorts = ['--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0'];
const words = ['serve', ...freePorts, '--json'];

/** Starts a lab on free ports, in a process that stays for the next command (test/cli/warm). The lab ends at the end of the test. */
export function startLab(files: Files, args: readonly string[] = []): Promise<ServingLab> {
  return serving(startWarm(files, [...words, ...args]));
}

/** Starts a lab in the folder of an earlier lab. */
export function startLabIn(folder: string, args: readonly string[]): Promise<ServingLab> {
  return serving(startWarmIn(folder, [...words, ...args]));
}

/** Starts a lab in its own process, for a test that examines the process. */
export function startLabProcess(files: Files, args: readonly string[] = []): Promise<ServingLab> {
  return serving(killable(startInline(files, [...words, ...args])));
}

/** Starts a lab with a limit on open file descriptors. */
export function startLabWithDescriptors(
  limit: number,
  files: Files,
  args: readonly string[] = [],
): Promise<ServingLab> {
  return serving(killable(startWithDescriptors(limit, files, [...words, ...args])));
}

function killable(started: Started): WarmStarted {
  return { ...started, signal: (name) => void started.child.kill(name) };
}

async function serving(started: WarmStarted): Promise<ServingLab> {
  const ready: Ready = JSON.parse(await started.printed('\n'));
  return {
    ...started,
    ready,
    end: (signal = 'SIGTERM') => {
      started.signal(signal);
      return started.ended;
    },
  };
}

/** Starts a lab that must end by itself, and returns its result. */
export function runLab(files: Files, args: readonly string[]): Promise<Outcome> {
  return runWarm(files, [...words, ...args]);
}

/** A lab that several tests use and that the caller must end. */
export interface SharedLab {
  readonly ready: Ready;
  /** Ends the lab normally and returns its exit code. */
  end(): Promise<number | null>;
}

export async function startSharedLab(yaml: string): Promise<SharedLab> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-test-'));
  writeFileSync(join(folder, 'lab.yaml'), yaml);
  const child = spawn(process.execPath, [command, 'serve', ...freePorts, '--json', 'lab.yaml'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const part of child.stdout) {
    said += String(part);
    if (said.includes('\n')) break;
  }
  return {
    ready: JSON.parse(said),
    end: async () => {
      const closed = once(child, 'exit');
      child.kill('SIGTERM');
      const [exitCode] = (await closed) as [number | null];
      rmSync(folder, { recursive: true, force: true });
      return exitCode;
    },
  };
}

export interface CurlAnswer {
  /** Exit code of curl. It is 52 or 56 if the server closed the connection. */
  readonly exitCode: number;
  /** HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** Headers of the answer, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends a request of a device with curl, which verifies the server certificate with the root of the lab. */
export function curl(
  ready: Ready,
  method: string,
  path: string,
  args: readonly string[] = [],
  body?: object,
): Promise<CurlAnswer> {
  const url = `https://${ready.hosts.device}/${ready.idScope}/registrations/${path}?api-version=2021-06-01`;
  return fetchByCurl(ready, method, url, args, body);
}

/** Sends a request with a token of the policy in a connection string. @param path path and query. */
export function ownerCall(
  ready: Ready,
  connectionString: string,
  method: string,
  path: string,
  body?: object,
): Promise<CurlAnswer> {
  const [, host = '', policy = '', key = ''] =
    /^HostName=(.*);SharedAccessKeyName=(.*);SharedAccessKey=(.*)$/.exec(connectionString) ?? [];
  // The token is valid for a year, because the clock of the lab may be months ahead.
  const header = ['-H', `Authorization: ${sas(host, policy, Buffer.from(key, 'base64'), 365 * 86_400)}`];
  return fetchByCurl(ready, method, `https://${host}/${path}`, header, body);
}

export function sas(sr: string, policy: string, key: Buffer, seconds: number, at = Date.now() / 1000): string {
  const se = Math.floor(at) + seconds;
  const sig = createHmac('sha256', key).update(`${sr}\n${se}`).digest('base64');
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=${se}&skn=${policy}`;
}

async function fetchByCurl(
  ready: Ready,
  method: string,
  url: string,
  args: readonly string[],
  body: object | undefined,
): Promise<CurlAnswer> {
  const where = ['--cacert', ready.ca, '--connect-to', `::127.0.0.1:${ready.ports.https}`];
  const sent = body === undefined ? [] : ['-H', 'Content-Type: application/json', '-d', JSON.stringify(body)];
  const call = promisify(execFile)('curl', [
    '-sS',
    '-i',
    '--max-time',
    '20',
    ...where,
    '-X',
    method,
    ...sent,
    ...args,
    url,
  ]);
  const { code, stdout } = await call.then(
    (done) => ({ code: 0, stdout: done.stdout }),
    (error: { readonly code: number; readonly stdout: string }) => error,
  );
  const [head = '', text = ''] = stdout.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => [line.split(':', 1)[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 2)]);
  return {
    exitCode: code,
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** Returns the Authorization header of a device with a key. @param at seconds since 1970 by the clock of the device. */
export function tokenHeader(
  ready: Ready,
  registrationId: string,
  key: Buffer,
  at = Date.now() / 1000,
): readonly string[] {
  const sr = `${ready.idScope}%2Fregistrations%2F${registrationId}`;
  return ['-H', `Authorization: ${sas(sr, 'registration', key, 3600, at)}`];
}

/** Registers a device with its symmetric key and polls until the device is assigned. */
export async function registerByKey(ready: Ready, registrationId: string, key: Buffer): Promise<CurlAnswer> {
  const header = tokenHeader(ready, registrationId, key);
  const begun = await curl(ready, 'PUT', `${registrationId}/register`, header, { registrationId });
  if (begun.status !== 202) return begun;
  return curl(ready, 'GET', `${registrationId}/operations/${String(begun.body['operationId'])}`, header);
}

/** Calls the control API of a lab. */
export async function controlled(
  ready: Ready,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const answer = await fetch(`${ready.control}${path}`, {
    method,
    headers: { Authorization: `Bearer ${ready.controlToken}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Returns the value of the secret with this name from the control API. */
export async function secret(ready: Ready, name: string): Promise<Buffer> {
  const { body } = await controlled(ready, 'GET', '/secrets?reveal=true');
  const found = (body['secrets'] as { name: string; value: string }[]).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no secret is called ${name}`);
  return Buffer.from(found.value, 'base64');
}
