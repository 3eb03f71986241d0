import type { Recorder } from '../../sim/conformance/record/recorder.ts';
import { startProgram, type RunningProgram } from '../../sim/processes/start-program.ts';
import type { JumpingTime } from '../../sim/programs/jumping-time.ts';
import { FileProblem } from '../files/file-problem.ts';
import type { ClientSpec } from './client-spec.ts';

/** The client in one test world. The runner may start and end the program of the client several times, for example to simulate a reboot. */
export class RunningClient {
  readonly #client: ClientSpec;
  readonly #world: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #recorder: Recorder;
  readonly #time: JumpingTime | undefined;
  readonly #remarks = new Set<string>();
  #program: RunningProgram | undefined;
  #boot = 0;
  #isEnding = false;
  #output = '';
  #writtenBytes = 0;

  /** @param time if given, the time of the client jumps while the client sleeps. */
  constructor(
    client: ClientSpec,
    world: string,
    environment: Readonly<Record<string, string>>,
    recorder: Recorder,
    time: JumpingTime | undefined,
  ) {
    this.#time = time;
    this.#client = client;
    this.#world = world;
    this.#environment = environment;
    this.#recorder = recorder;
  }

  /** True if the last process that the runner started has ended. */
  get hasEnded(): boolean {
    return this.#program?.hasEnded() ?? false;
  }

  /** The last 2000 characters that the client printed. */
  get output(): string {
    return this.#output;
  }

  /** Sentences about what the runner ended or did not read: processes that the client left behind, and output above the limit. */
  get remarks(): readonly string[] {
    return [...this.#remarks];
  }

  async start(): Promise<void> {
    const command = this.#client.commandOf[this.#world] ?? this.#client.command;
    const boot = ++this.#boot;
    this.#isEnding = false;
    this.#recorder.note({ kind: 'started', boot });
    const started = await startProgram({
      command,
      environment: { ...systemEnvironment(), ...this.#client.environment, ...this.#environment },
      folder: this.#client.folder,
      outputLimit,
      onOutput: (_stream, bytes) => {
        this.#writtenBytes += bytes.length;
        this.#output = `${this.#output}${Buffer.from(bytes).toString()}`.slice(-outputTail);
      },
    });
    if (!started.ok) throw new FileProblem(started.failure.sentence);
    const program = started.value;
    this.#program = program;
    this.#time?.watch({ running: program, writtenBytes: () => this.#writtenBytes });
    void program.ended.then(({ code, signal, leftBehind, droppedBytes }) => {
      if (leftBehind > 0)
        this.#remarks.add(
          `the client left ${leftBehind} ${leftBehind === 1 ? 'process' : 'processes'} behind; the runner ended them`,
        );
      if (droppedBytes > 0) this.#remarks.add(`the client printed ${droppedBytes} bytes more than the runner reads`);
      const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
      this.#recorder.note({ kind: 'ended', boot, how, byRunner: this.#isEnding });
    });
  }

  /** Ends the client with SIGTERM, and with SIGKILL if it does not end in time. */
  async stop(): Promise<void> {
    if (this.#program === undefined || this.#program.hasEnded()) return;
    this.#isEnding = true;
    const how = await this.#program.stop(stopLimitMs);
    if (how === 'killed') this.#remarks.add(`the client ignored SIGTERM for ${stopLimitMs / 1000} s and was killed`);
  }

  /** Ends the client with SIGKILL, which simulates a power cut. */
  async kill(): Promise<void> {
    if (this.#program === undefined || this.#program.hasEnded()) return;
    this.#isEnding = true;
    await this.#program.kill();
  }
}

/** Returns the variables that a program needs to start. The client gets no other variable of the user's environment. */
function systemEnvironment(): Readonly<Record<string, string>> {
  const names = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SystemRoot'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Maximum number of bytes that the runner reads from each output stream. */
const outputLimit = 1024 * 1024;
/** Maximum number of characters of output in the report. */
const outputTail = 2000;
/** Real milliseconds between SIGTERM and SIGKILL. */
const stopLimitMs = 2000;
