import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import { afterRealTime, type Millis } from '../../../core/time/clock.ts';
import type { Store } from '../../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../../core/cloud/watched-map.ts';
import { hubProblems, saying, type HubProblem } from '../hub-problems.ts';
import { parseCondition } from '../query/parse-query.ts';
import { matching } from '../query/run-query.ts';
import type { MethodOutcome, MethodRequest } from '../method-calls.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';
import type { TwinOutcome, TwinWrite } from '../twins/twins.ts';
import { hasEnded, type DeviceJob, type Job, type JobTerms } from './job.ts';

/** The parts of a hub that its jobs use. */
interface JobHub {
  readonly connections: { whenListening(deviceId: string): Promise<void> };
  now(): Millis;
  twinDocuments(): readonly JsonObject[];
  writeTwin(deviceId: string, kind: 'patch', write: TwinWrite): TwinOutcome;
  invoke(deviceId: string, request: MethodRequest): Promise<MethodOutcome>;
}

/**
 * The jobs of a hub: twin updates and direct methods on the devices that meet a condition when the job starts. All
 * times are by the clock of the hub. A due job starts at the next access to the jobs, or at the latest after one second
 * of real time.
 */
export class Jobs implements Store {
  readonly #hub: JobHub;
  readonly #jobs = new WatchedMap<Job>({
    toSaved: (job) => job,
    fromSaved: (saved) => this.#stopped(saved as Job),
  });
  readonly parts = { jobs: this.#jobs };
  #isTicking = false;

  constructor(hub: JobHub) {
    this.#hub = hub;
  }

  /** Schedules a job. Returns the job in its state before the start. */
  create(terms: JobTerms): Result<Job, HubProblem> {
    this.#advance();
    if (this.#jobs.has(terms.jobId)) {
      return failedWith(saying(hubProblems.jobAlreadyExists, `The job '${terms.jobId}' already exists.`));
    }
    const parsed = parseCondition(terms.queryCondition);
    if (!parsed.ok) return failedWith(saying(hubProblems.queryInvalid, parsed.failure.sentence));
    const running = [...this.#jobs.values()].filter(({ status }) => status === 'running');
    if (running.length >= runningLimit) return failedWith(hubProblems.tooManyJobs);
    const job: Job = { ...terms, createdAt: this.#hub.now(), status: 'queued', devices: [] };
    this.#jobs.set(job.jobId, job);
    this.#tick(0);
    return succeeded(job);
  }

  find(jobId: string): Job | undefined {
    this.#advance();
    return this.#jobs.get(jobId);
  }

  /** Returns the jobs in the order of their creation. */
  all(): readonly Job[] {
    this.#advance();
    return [...this.#jobs.values()];
  }

  /** Returns the state of every job on each of its devices. */
  deviceJobs(): readonly DeviceJob[] {
    return this.all().flatMap(({ devices }) => devices);
  }

  /** Cancels a job on the devices that the job has not reached yet. Does not change a job that has ended. */
  cancel(jobId: string): Job | undefined {
    const job = this.find(jobId);
    if (job === undefined || hasEnded(job)) return job;
    const now = this.#hub.now();
    const devices = job.devices.map((each) =>
      each.endedAt === undefined ? ended(each, now, { status: 'canceled' }) : each,
    );
    return this.#keep({ ...job, status: 'cancelled', endedAt: now, devices });
  }

  save(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  load(saved: readonly Job[]): void {
    this.#jobs.clear();
    for (const job of saved) this.#jobs.set(job.jobId, this.#stopped(job));
    this.#tick(0);
  }

  /** Marks a job as failed if it was running when the process stopped, because its progress is unknown. */
  #stopped(job: Job): Job {
    if (job.status !== 'running') return job;
    const failureReason = 'The hub was stopped while the job ran.';
    return { ...job, status: 'failed', endedAt: this.#hub.now(), failureReason };
  }

  /** Starts due jobs and deletes old ones. */
  #advance(): void {
    const now = this.#hub.now();
    for (const job of this.#jobs.values()) {
      if (job.endedAt !== undefined && job.endedAt + lifeMs <= now) this.#jobs.delete(job.jobId);
      if (job.status === 'queued' && job.startAt <= now) this.#start(job);
    }
    for (const job of this.#jobs.values()) {
      if (this.#jobs.size <= jobLimit) break;
      if (hasEnded(job)) this.#jobs.delete(job.jobId);
    }
  }

  /**
   * Starts due jobs repeatedly in real time. The clock of the hub may jump or stand still, so it cannot trigger the
   * start of jobs.
   */
  #tick(delayMs: number): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    afterRealTime(delayMs, () => {
      this.#isTicking = false;
      this.#advance();
      if ([...this.#jobs.values()].some(({ status }) => status === 'queued')) this.#tick(tickMs);
    });
  }

  #start(job: Job): void {
    const now = this.#hub.now();
    const parsed = parseCondition(job.queryCondition);
    const found = parsed.ok ? matching(parsed.value, this.#hub.twinDocuments()) : [];
    const { jobId, createdAt, work } = job;
    const entry = { jobId, jobType: work.type, status: 'running', createdAt, startedAt: now, updatedAt: now } as const;
    const devices = found.map(({ deviceId }) => ({ ...entry, deviceId: String(deviceId) }));
    this.#keep({ ...job, status: 'running', devices });
    if (devices.length === 0) return this.#settle(jobId);
    for (const device of devices) void this.#run(job, device).catch((error: unknown) => this.#broken(device, error));
  }

  async #run({ work, startAt, maxExecutionSeconds }: Job, device: DeviceJob): Promise<void> {
    const { deviceId } = device;
    const deadline = startAt + maxExecutionSeconds * 1000;
    if (this.#hub.now() > deadline) return this.#end(device, { status: 'failed', error: tooLate });
    if (work.type === 'scheduleUpdateTwin') {
      const outcome = this.#hub.writeTwin(deviceId, 'patch', work.write);
      return this.#end(device, outcome.ok ? { status: 'completed' } : failure(outcome.failure));
    }
    for (;;) {
      const outcome = await this.#hub.invoke(deviceId, work.request);
      if (outcome.ok) return this.#end(device, { status: 'completed', response: outcome.value });
      if (outcome.failure.errorCode !== hubProblems.deviceNotOnline.errorCode) {
        return this.#end(device, failure(outcome.failure));
      }
      await this.#whenListening(deviceId);
      if (this.#current(device)?.endedAt !== undefined) return;
      if (this.#hub.now() > deadline) return this.#end(device, { status: 'failed', error: tooLate });
    }
  }

  /** Waits until the device subscribes, but at most one second, so that the caller can check the deadline. */
  #whenListening(deviceId: string): Promise<void> {
    const aSecond = new Promise<void>((resolve) => afterRealTime(tickMs, resolve));
    return Promise.race([this.#hub.connections.whenListening(deviceId), aSecond]);
  }

  #broken(device: DeviceJob, error: unknown): void {
    this.#end(device, { status: 'failed', error: { code: 'ServerError', description: String(error) } });
  }

  #current({ jobId, deviceId }: DeviceJob): DeviceJob | undefined {
    return this.#jobs.get(jobId)?.devices.find((each) => each.deviceId === deviceId);
  }

  #end(device: DeviceJob, end: DeviceEnd): void {
    const job = this.#jobs.get(device.jobId);
    if (job === undefined || hasEnded(job)) return;
    const devices = job.devices.map((each) =>
      each.deviceId === device.deviceId ? ended(each, this.#hub.now(), end) : each,
    );
    // Does not save the progress (see `#stopped`), because saving the job after each device would be slow.
    this.#jobs.setUnwatched(job.jobId, { ...job, devices });
    this.#settle(device.jobId);
  }

  /** Ends the job if the job has ended on all its devices. */
  #settle(jobId: string): void {
    const job = this.#jobs.get(jobId);
    if (job === undefined || hasEnded(job) || job.devices.some(({ endedAt }) => endedAt === undefined)) return;
    this.#keep({ ...job, status: 'completed', endedAt: this.#hub.now() });
  }

  #keep(job: Job): Job {
    this.#jobs.set(job.jobId, job);
    return job;
  }
}

type DeviceEnd = Pick<DeviceJob, 'status' | 'response' | 'error'>;

function ended(device: DeviceJob, now: Millis, end: DeviceEnd): DeviceJob {
  return { ...device, ...end, updatedAt: now, endedAt: now };
}

function failure({ name, message }: HubProblem): DeviceEnd {
  return { status: 'failed', error: { code: name, description: message } };
}

/** The real service sends this error (source: JobsResponseParserTest of the Java SDK). */
const tooLate = {
  code: 'JobRunPreconditionFailed',
  description:
    'The job did not start within specified period: either device did not come online or invalid endTime specified.',
} as const;

/** Documented limits: ten concurrent jobs in the largest tier, and a job history of 30 days. */
const runningLimit = 10;
const lifeMs = 30 * 24 * 3_600_000;
const jobLimit = 1000;
const tickMs = 1000;
