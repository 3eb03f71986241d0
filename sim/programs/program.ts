import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addDuration } from '../../core/time/duration.ts';
import { firstFailed } from '../../core/history/decision.ts';
import type { HistoryEvent } from '../../core/history/events.ts';
import type { Millis, VirtualClock } from '../../core/time/clock.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import type { PortByListener } from '../../core/wire/listener-ports.ts';
import type { Device } from '../devices/device.ts';
import { startProgram, type RunningProgram } from '../processes/start-program.ts';
import type { ProgramSpec } from '../scenario/words/program-words.ts';
import { StepProblem } from '../world/step-problem.ts';
import { writeCredentials, type ProgramCredentials } from './credential-files.ts';
import { Gateway } from './gateway.ts';
import { inspectCommand } from './inspect-command.ts';
import { openNames, type Names } from './names.ts';
import { outputLimitBytes, ProgramOutput } from './program-output.ts';
import { openTime, type ProgramTime } from './program-time.ts';
import { UnloadedProcesses } from './unloaded-processes.ts';

/** The parts of the simulated world that the program of a device uses. */
export interface ProgramSurroundings {
  readonly clock: VirtualClock;
  /** Ports of the listeners on 127.0.0.1. */
  readonly ports: PortByListener;
  readonly idScope: string;
  /** Host names that lead to the listeners. */
  readonly hosts: readonly string[];
  /** Folder of the scenario file. */
  readonly folder: string;
  /** Makes a private folder. The run removes the folder when the simulated world closes. */
  readonly makeFolder: (name: string) => string;
  /** Records an action of the device. */
  readonly tell: (device: string, sentence: string) => void;
}

/** Manner in which a run ends a program: `asked` by SIGTERM, `cut` by a power cut. */
type StopMode = 'asked' | 'cut';

/** The program of one device: its process, its files, its network and its clock. */
export class Program {
  readonly device: Device;
  readonly spec: ProgramSpec;
  readonly #around: ProgramSurroundings;
  #places: Places | undefined;
  #start: Started | undefined;
  readonly #unloaded = new UnloadedProcesses();
  readonly #told = new Set<number>();
  #starts = 0;
  #onEnd: (() => void) | undefined;
  /** The hub that admitted the program last, and its device ID there. */
  place: { readonly hub: string; readonly deviceId: string } | undefined;
  /** The instant at which a hub accepted telemetry of the program last. */
  acceptedAt: Millis | undefined;

  constructor(device: Device, spec: ProgramSpec, surroundings: ProgramSurroundings) {
    this.device = device;
    this.spec = spec;
    this.#around = surroundings;
  }

  /** True while the process runs. */
  get isRunning(): boolean {
    return this.#start?.process.hasEnded() === false;
  }

  /** Tells how the program ended last, as a part of a sentence; undefined if the program was never started or still runs. */
  get lastEnd(): string | undefined {
    return this.#start?.end;
  }

  get pid(): number | undefined {
    return this.isRunning ? this.#start?.process.pid : undefined;
  }

  get time(): ProgramTime | undefined {
    return this.#start?.time;
  }

  /** Number of commands that the program sent to its TPM since its start, and number of those without an answer. */
  get tpmCommands(): ProgramCredentials['tpmCommands'] | undefined {
    return this.#start?.credentials.tpmCommands;
  }

  get gateway(): Gateway | undefined {
    return this.#places?.gateway;
  }

  /** Receives each event of the history. */
  onEvent(event: HistoryEvent): void {
    if (event.kind !== 'decision' || event.judge !== 'hub' || event.from !== this.device.address) return;
    const host = /^connection to (.+)$/.exec(event.about)?.[1];
    if (host !== undefined && firstFailed(event) === undefined) this.place = { hub: host, deviceId: event.subject };
  }

  /** Receives each telemetry message that a hub accepts from any device. */
  onTelemetry(hub: string, deviceId: string): void {
    if (this.isAt(hub, deviceId)) this.acceptedAt = this.#around.clock.now();
  }

  /** Returns true if this hub admitted the program last, under this device ID. */
  isAt(hub: string, deviceId: string): boolean {
    return this.place?.hub === hub && this.place.deviceId === deviceId;
  }

  /** Sets the function that is called when the process ends. */
  onEnd(notify: () => void): void {
    this.#onEnd = notify;
  }

  /**
   * Starts the program. If the program still runs, first ends it as a power cut does.
   * @throws StepProblem if the program cannot be started.
   */
  async powerOn(): Promise<void> {
    await this.stop('cut');
    const { device, spec } = this;
    const { folder, tell, makeFolder, clock } = this.#around;
    const [word = '', ...words] = spec.command;
    const path = process.env['PATH'] ?? '';
    const inspected = inspectCommand(word, folder, path);
    if (!inspected.ok) throw new StepProblem(`the program of ${device.name}: ${inspected.failure.sentence}`);
    const places = (this.#places ??= await this.#open());
    const time = await openTime(spec.time, join(makeFolder(`${device.name}-clock`), 'clock'), clock, device.clock);
    const credentials = await writeCredentials(device, makeFolder(`${device.name}-credentials`));
    const output = new ProgramOutput(credentials.secrets, (sentence) => tell(device.name, sentence));
    const start = ++this.#starts;
    tell(device.name, `it starts its program: ${spec.command.join(' ')}`);
    const started = await startProgram({
      command: [...places.names.wrap, inspected.value, ...words],
      environment: this.#environment(places, credentials, time, path),
      folder: spec.workdir === undefined ? folder : resolve(folder, spec.workdir),
      outputLimit: outputLimitBytes,
      onOutput: (stream, bytes) => {
        this.writtenBytes += bytes.length;
        output.add(stream, bytes);
      },
    });
    if (!started.ok) {
      credentials.release();
      time.close();
      throw new StepProblem(`the program of ${device.name}: ${started.failure.sentence}`);
    }
    const process_ = started.value;
    const current: Started = { process: process_, time, credentials, end: undefined, mode: undefined };
    this.#start = current;
    void process_.ended.then(({ code, signal, leftBehind, droppedBytes }) => {
      output.end(droppedBytes);
      current.end = signal === null ? `ended with exit code ${code ?? 'unknown'}` : `ended by ${signal}`;
      if (leftBehind > 0)
        tell(
          device.name,
          `the run ended ${leftBehind} ${leftBehind === 1 ? 'process' : 'processes'} that its program left behind`,
        );
      if (current.mode === undefined) tell(device.name, `its program ${current.end}`);
      for (const sentence of time.limits()) tell(device.name, sentence);
      credentials.release();
      if (start === this.#starts) this.#onEnd?.();
    });
  }

  /**
   * Ends the program. `asked` sends SIGTERM, and SIGKILL after the time limit of the program. `cut` sends SIGKILL at once. Does nothing if
   * the program does not run.
   */
  async stop(mode: StopMode): Promise<void> {
    const start = this.#start;
    if (start === undefined) return;
    const { device, spec } = this;
    if (!start.process.hasEnded()) {
      start.mode = mode;
      if (mode === 'cut') await start.process.kill();
      else if ((await start.process.stop(addDuration(0, spec.stop))) === 'killed') {
        this.#around.tell(device.name, `its program did not end in ${spec.stop} after SIGTERM, so the run killed it`);
      }
    }
    await start.process.ended;
    start.time.close();
    this.#start = undefined;
  }

  /** Number of bytes that the program has written since it was created. */
  writtenBytes = 0;

  /** Resolves when the history has all lines that the program has written until now. */
  async flush(): Promise<void> {
    await this.#start?.process.flush();
  }

  /** Sets the clocks of the program to the time of its device. */
  syncTime(): void {
    this.#start?.time.sync();
  }

  /**
   * Returns true if a process of the program has not loaded the clock library for a second. Such a process is a static executable, or its
   * environment does not name the library.
   */
  isKnownAsForeign(pid: number): boolean {
    if (!this.#unloaded.isKnownAsForeign(pid)) return false;
    if (!this.#told.has(pid)) {
      this.#told.add(pid);
      this.#around.tell(
        this.device.name,
        'a process of its program has not loaded the clock library, so its clocks show the real time; check whether it is a static executable',
      );
    }
    return true;
  }

  /** Ends a program that used the processor for `limitMs` real milliseconds and never slept. */
  async endAsBusy(limitMs: number): Promise<void> {
    this.#around.tell(
      this.device.name,
      `its program worked for ${limitMs / 1000} s without a sleep, so the run killed it`,
    );
    await this.#start?.process.kill();
  }

  /** Wipes the state folder. */
  clear(): void {
    const state = this.#places?.state;
    if (state === undefined) return;
    for (const name of readdirSync(state)) rmSync(join(state, name), { recursive: true, force: true });
    mkdirSync(join(state, 'tmp'));
  }

  /**
   * Disconnects the program from the network, or connects it again. Without a network, the program has no connections and cannot resolve
   * the host names of the services.
   */
  setOffline(isOffline: boolean): void {
    this.device.setOffline(isOffline);
    this.#places?.gateway.setOffline(isOffline);
    this.#places?.names.setOffline(isOffline);
  }

  async close(): Promise<void> {
    await this.stop('cut');
    await this.#places?.gateway.close();
  }

  async #open(): Promise<Places> {
    const { device } = this;
    const { ports, hosts, makeFolder, tell } = this.#around;
    const gateway = await Gateway.open(device.address ?? '127.0.0.1', ports);
    const names = await openNames(join(makeFolder(`${device.name}-names`), 'hosts'), gateway.address, hosts);
    const state = makeFolder(`${device.name}-state`);
    mkdirSync(join(state, 'tmp'));
    const portsText = gateway.hasStandardPorts
      ? 'on the standard ports'
      : 'on free ports, because the standard ports are not available to this user';
    tell(device.name, `${names.sentence}, ${portsText}`);
    gateway.setOffline(device.isOffline);
    return { gateway, names, state };
  }

  #environment(
    { gateway, names, state }: Places,
    { variables }: ProgramCredentials,
    time: ProgramTime,
    path: string,
  ): Readonly<Record<string, string>> {
    const roots = variables['REHEARSAL_CA_FILE'] ?? '';
    const preload = [...names.preload, ...time.preload].join(':');
    return {
      PATH: path,
      HOME: state,
      LANG: process.env['LANG'] ?? 'C.UTF-8',
      TMPDIR: join(state, 'tmp'),
      REHEARSAL_ID_SCOPE: this.device.flash.config?.idScope ?? this.#around.idScope,
      REHEARSAL_REGISTRATION_ID: this.device.registrationId ?? this.device.name,
      REHEARSAL_DPS_HOST: this.device.flash.config?.endpoint ?? globalEndpoint,
      REHEARSAL_ADDRESS: gateway.address,
      REHEARSAL_HTTPS_PORT: String(gateway.ports.https),
      REHEARSAL_MQTT_PORT: String(gateway.ports.mqtt),
      REHEARSAL_AMQP_PORT: String(gateway.ports.amqp),
      SSL_CERT_FILE: roots,
      NODE_EXTRA_CA_CERTS: roots,
      REQUESTS_CA_BUNDLE: roots,
      ...variables,
      ...names.environment,
      ...time.environment,
      ...(preload === '' ? {} : { LD_PRELOAD: preload }),
      ...this.spec.env,
    };
  }
}

/** The folders and files that stay while the program is off. */
interface Places {
  readonly gateway: Gateway;
  readonly names: Names;
  /** The state folder, which is HOME of the program. */
  readonly state: string;
}

interface Started {
  readonly process: RunningProgram;
  readonly time: ProgramTime;
  readonly credentials: ProgramCredentials;
  end: string | undefined;
  /** The way in which the run ended the program; undefined if the program ended by itself. */
  mode: StopMode | undefined;
}
