import type { Millis } from '../../../core/time/clock.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';
import type { MethodRequest } from '../method-calls.ts';
import type { TwinWrite } from '../twins/twins.ts';

export const jobTypes = ['scheduleUpdateTwin', 'scheduleDeviceMethod'] as const;

type JobType = (typeof jobTypes)[number];

type JobStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

/** The action that a job performs on each device. `given` is the JSON of the request, which the answers contain unchanged. */
export type JobWork =
  | { readonly type: 'scheduleUpdateTwin'; readonly given: JsonObject; readonly write: TwinWrite }
  | { readonly type: 'scheduleDeviceMethod'; readonly given: JsonObject; readonly request: MethodRequest };

/** A job as the back end requests it. */
export interface JobTerms {
  readonly jobId: string;
  /** The condition as it follows WHERE. `*` selects every device. */
  readonly queryCondition: string;
  readonly startAt: Millis;
  /**
   * Maximum duration of the job in seconds, from `startAt` on. The job fails on the devices that it does not reach in
   * this time.
   */
  readonly maxExecutionSeconds: number;
  readonly work: JobWork;
}

export interface Job extends JobTerms {
  readonly createdAt: Millis;
  readonly status: JobStatus;
  /** End of the job. Absent while the job waits or runs. */
  readonly endedAt?: Millis;
  readonly failureReason?: string;
  /** The devices of the job, in the order of the query result. Empty before the job starts. */
  readonly devices: readonly DeviceJob[];
}

/** The state of a job on one device. */
export interface DeviceJob {
  readonly deviceId: string;
  readonly jobId: string;
  readonly jobType: JobType;
  readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'canceled';
  readonly createdAt: Millis;
  readonly startedAt: Millis;
  readonly updatedAt: Millis;
  readonly endedAt?: Millis;
  /** The answer of the device to the direct method. */
  readonly response?: { readonly status: number; readonly payload: unknown };
  readonly error?: { readonly code: string; readonly description: string };
}

export function hasEnded({ status }: Pick<Job, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}
