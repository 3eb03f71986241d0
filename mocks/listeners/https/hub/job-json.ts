import { defined } from '../../../../core/defined.ts';
import type { JsonObject } from '../../../../core/wire/enrollment.ts';
import { hubInstant } from '../../../hub/hub-instant.ts';
import type { DeviceJob, Job } from '../../../hub/jobs/job.ts';

/** Returns the JSON of a job, in the form `JobResponse` of the REST API. */
export function jobJson(job: Job): JsonObject {
  const { jobId, queryCondition, createdAt, startAt, endedAt, maxExecutionSeconds, work, status, failureReason } = job;
  const key = work.type === 'scheduleUpdateTwin' ? 'updateTwin' : 'cloudToDeviceMethod';
  const count = (...wanted: readonly DeviceJob['status'][]): number =>
    job.devices.filter((device) => wanted.includes(device.status)).length;
  return {
    jobId,
    queryCondition,
    createdTime: hubInstant(createdAt),
    startTime: hubInstant(startAt),
    ...(endedAt === undefined ? {} : { endTime: hubInstant(endedAt) }),
    maxExecutionTimeInSeconds: maxExecutionSeconds,
    type: work.type,
    [key]: work.given,
    status,
    ...defined({ failureReason }),
    deviceJobStatistics: {
      deviceCount: job.devices.length,
      failedCount: count('failed', 'canceled'),
      succeededCount: count('completed'),
      runningCount: count('running'),
      pendingCount: count('pending'),
    },
  };
}

/** Returns the JSON of a job on one device, as a row of `FROM devices.jobs`. */
export function deviceJobJson(device: DeviceJob): JsonObject {
  const { deviceId, jobId, jobType, status, startedAt, endedAt, createdAt, updatedAt, response, error } = device;
  return {
    deviceId,
    jobId,
    jobType,
    status,
    startTimeUtc: hubInstant(startedAt),
    ...(endedAt === undefined ? {} : { endTimeUtc: hubInstant(endedAt) }),
    createdDateTimeUtc: hubInstant(createdAt),
    lastUpdatedDateTimeUtc: hubInstant(updatedAt),
    outcome: { deviceMethodResponse: response ?? null },
    ...defined({ error }),
  };
}
