import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import type { Ready } from '../serve/ready.ts';
import type { Lab, LabOptions } from './lab.ts';
import { LabControl } from './lab-control.ts';
import { enrollmentCalls } from './enrollment-calls.ts';

/**
 * Starts `rehearse serve` in another process, and resolves when devices can register. Each lab has its own ports, keys and clock.
 *
 *     await using lab = await startLab({ lab: 'cloud: { enrollmentGroups: { devices: { symmetricKey: true } } }' });
 *     // … the device under test registers at lab.ports.mqtt with lab.keys.firstDevice …
 *     expect((await lab.registration('first-device'))?.status).toBe('assigned');
 *
 * @throws Error with the messages of the lab if its file has mistakes, a port is in use, or the start takes too long.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  if (options.file !== undefined && options.lab !== undefined) {
    throw new Error('startLab got both file and lab; expected one of them');
  }
  const written = options.lab === undefined ? undefined : writeLabFile(options.lab);
  let lab: LabProcess;
  try {
    lab = new LabProcess(serveWords(options, written?.file ?? options.file), options.log !== undefined);
    const ready = await lab.ready(options.startTimeoutMs ?? 30_000);
    return labOf(ready, lab);
  } catch (error) {
    if (written === undefined || !(error instanceof Error)) throw error;
    // The user gave a text and no file, so they do not know the path of the temporary file.
    throw new Error(error.message.replaceAll(written.file, 'the lab'), { cause: error });
  } finally {
    written?.remove();
  }
}

/** Writes the lab file into a new folder. YAML is a superset of JSON, so an object is written as JSON. */
function writeLabFile(lab: string | object): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-lab-'));
  const file = join(folder, 'lab.yaml');
  writeFileSync(file, typeof lab === 'string' ? lab : JSON.stringify(lab), { mode: 0o600 });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function serveWords({ ports, host, names, tpms, state, log }: LabOptions, file: string | undefined): readonly string[] {
  return [
    'serve',
    '--json',
    `--log=${log ?? 'quiet'}`,
    '--log-format=text',
    `--https-port=${ports?.https ?? 0}`,
    `--mqtt-port=${ports?.mqtt ?? 0}`,
    `--amqp-port=${ports?.amqp ?? 0}`,
    ...(host === undefined ? [] : ['--host', host]),
    ...(names ?? []).flatMap((name) => ['--name', name]),
    ...(tpms ?? []).flatMap((name) => ['--tpm', name]),
    ...(state === undefined ? [] : ['--state', state]),
    ...(file === undefined ? [] : ['--', file]),
  ];
}

/** A `rehearse serve` process. It ends when its channel to this process closes, so it never outlives this process. */
class LabProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #printed = '';
  #complaints = '';
  #closing: Promise<void> | undefined;

  constructor(words: readonly string[], isLogShown: boolean) {
    this.#child = spawn(process.execPath, [join(packageRoot, 'cli', 'rehearse.mjs'), ...words], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Options that a test runner or debugger sets for its own process, such as --inspect-brk, must not reach the lab.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS')),
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#complaints += error.message;
        resolve(null);
      });
      // After this process has closed the channel, the child process emits no event `close`. So this code waits for the end of stderr.
      this.#child.once('exit', (code) => {
        const { stderr } = this.#child;
        if (stderr === null || stderr.closed) resolve(code);
        else stderr.once('close', () => resolve(code));
      });
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = `${this.#complaints}${text}`.slice(-complaintLimit);
      if (isLogShown) process.stderr.write(text);
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (this.#isReady()) {
        if (isLogShown) process.stderr.write(text);
      } else {
        this.#printed += text;
        if (this.#isReady()) this.#child.emit('rehearsal-ready');
      }
    });
  }

  /** Resolves with the line that the lab prints when it is ready. Ends the lab if the line does not come within `limitMs`. */
  async ready(limitMs: number): Promise<Ready> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), limitMs)));
    const line = new Promise<'ready'>((resolve) => this.#child.once('rehearsal-ready', () => resolve('ready')));
    const first = await Promise.race([line, late, this.#ended.then(() => 'ended' as const)]);
    clearTimeout(timer);
    if (first === 'ready') {
      this.#letThisProcessEnd();
      return JSON.parse(this.#printed.slice(0, this.#printed.indexOf('\n'))) as Ready;
    }
    if (first === 'late') {
      this.#child.kill('SIGKILL');
      await this.#ended;
    }
    const reason =
      first === 'late'
        ? `it was not ready after ${limitMs} ms; increase startTimeoutMs if it needs longer`
        : `it ended with exit code ${this.#child.exitCode ?? this.#child.signalCode ?? 'none'}`;
    throw new Error(`the lab did not start: ${reason}\n${this.#complaints}`.trim());
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#child.ref();
    if (this.#child.connected) this.#child.disconnect();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), closeLimitMs)));
    const exitCode = await Promise.race([this.#ended, late]);
    clearTimeout(timer);
    if (exitCode === 0) return;
    if (exitCode === 'late') this.#child.kill('SIGKILL');
    const reason =
      exitCode === 'late' ? `it still ran after ${closeLimitMs} ms and was killed` : `exit code ${exitCode}`;
    throw new Error(`the lab did not end correctly: ${reason}\n${this.#complaints}`.trim());
  }

  #isReady(): boolean {
    return this.#printed.includes('\n');
  }

  /** A test program that forgets to call `close` must still be able to end; the lab then ends with the test program. */
  #letThisProcessEnd(): void {
    this.#child.unref();
    this.#child.channel?.unref();
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
    }
  }
}

/** Maximum number of characters of stderr in an error message. */
const complaintLimit = 20_000;
/**
 * Real milliseconds after which `close` kills a lab that has not ended. The limit is long, because a lab may have to write its state file.
 */
const closeLimitMs = 20_000;

function labOf(ready: Ready, lab: LabProcess): Lab {
  const control = new LabControl(ready.control, ready.controlToken);
  const pem = readFileSync(ready.ca, 'utf8');
  const close = (): Promise<void> => lab.close();
  return {
    idScope: ready.idScope,
    address: ready.address,
    ports: ready.ports,
    hosts: ready.hosts,
    trust: { pem, file: ready.ca },
    environment: {
      NODE_EXTRA_CA_CERTS: ready.ca,
      SSL_CERT_FILE: ready.ca,
      REQUESTS_CA_BUNDLE: ready.ca,
      AZ_IOT_DEVICE_X509_TRUST_PEM_FILE_PATH: ready.ca,
    },
    keys: ready.keys,
    connectionStrings: {
      service: ready.serviceConnectionString,
      hubs: ready.hubConnectionStrings,
      events: ready.eventHubConnectionStrings,
    },
    tpms: ready.tpms,
    pki: join(dirname(ready.ca), 'pki'),
    page: ready.page,
    ...enrollmentCalls(ready, pem, () => control.now()),
    now: () => control.now(),
    advance: (by) => control.advance(by),
    orderFault: (fault) => control.orderFault(fault),
    removeFaults: (id) => control.removeFaults(id),
    decisions: (registrationId) => control.decisions(registrationId),
    events: (registrationId) => control.events(registrationId),
    watch: (signal) => control.watch(signal),
    waitFor: (isWanted, settings) => control.waitFor(isWanted, settings?.timeoutMs),
    close,
    [Symbol.asyncDispose]: close,
  };
}
