import { parseInstant, type Millis } from '../../../../core/time/clock.ts';
import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { jobTypes, type Job, type JobTerms, type JobWork } from '../../../hub/jobs/job.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import type { HubCall, HubReply } from './hub-reply.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { jobJson } from './job-json.ts';
import { pageOf } from './page.ts';
import { readMethodRequest } from './read-method-request.ts';
import { readTwinWrite } from './read-twin-write.ts';

/** The API for jobs that update twins or call direct methods: `/jobs/v2`. */
export const jobsApi = {
  create: ({ hub, request }: HubCall): HubReply => {
    const json = parseJson(request.body ?? Buffer.alloc(0));
    if (json === undefined) return { problem: hubProblems.formatError };
    const read = readJob(request.path[2] ?? '', json.value, hub.now());
    if (!read.ok) return { problem: read.failure };
    const outcome = hub.jobs.create(read.value);
    return outcome.ok ? { status: 200, body: jobJson(outcome.value) } : { problem: outcome.failure };
  },

  get: ({ hub, request }: HubCall): HubReply => jobReply(hub.jobs.find(request.path[2] ?? '')),

  cancel: ({ hub, request }: HubCall): HubReply => jobReply(hub.jobs.cancel(request.path[2] ?? '')),

  /** Lists jobs. The body is a list because the SDKs expect it, although the published description differs. */
  query: ({ hub, request }: HubCall): HubReply => {
    const [type, status] = ['jobType', 'jobStatus'].map((name) => request.query.get(name)?.toLowerCase());
    const jobs = hub.jobs.all().filter((job) => {
      const isType = type === undefined || type === '' || type === job.work.type.toLowerCase();
      return isType && (status === undefined || status === '' || status === job.status);
    });
    return pageOf(jobs.map(jobJson), 'JobResponse', request);
  },
} as const;

function jobReply(job: Job | undefined): HubReply {
  return job === undefined ? { problem: hubProblems.jobNotFound } : { status: 200, body: jobJson(job) };
}

function readJob(jobId: string, value: unknown, now: Millis): Result<JobTerms, HubProblem> {
  if (!isJsonObject(value)) return invalid('The body must be a JSON object with the properties of a job.');
  if (!/^[\da-z-]{1,64}$/i.test(jobId)) return invalid('jobId must have 1 to 64 letters, digits and dashes.');
  if (value['jobId'] !== undefined && value['jobId'] !== jobId) {
    return invalid('jobId in the body differs from the ID in the path.');
  }
  const queryCondition = value['queryCondition'] ?? '';
  if (typeof queryCondition !== 'string' || queryCondition.trim() === '') {
    return invalid('queryCondition must be a non-empty string; "*" selects every device.');
  }
  const startAt = readStart(value['startTime'] ?? '', now);
  if (startAt === undefined) return invalid('startTime must be an ISO 8601 date and time.');
  const seconds = value['maxExecutionTimeInSeconds'] ?? defaultSeconds;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 1 || seconds > longestSeconds) {
    return invalid(`maxExecutionTimeInSeconds must be a whole number from 1 to ${longestSeconds}.`);
  }
  const work = readWork(value);
  if (!work.ok) return work;
  return succeeded({ jobId, queryCondition, startAt, maxExecutionSeconds: seconds, work: work.value });
}

/** Reads a start time. A text without a time zone means UTC, because Python programs often omit the zone. */
function readStart(text: unknown, now: Millis): Millis | undefined {
  if (text === '') return now;
  return typeof text === 'string' ? (parseInstant(text) ?? parseInstant(`${text}Z`)) : undefined;
}

function readWork(value: Readonly<Record<string, unknown>>): Result<JobWork, HubProblem> {
  const type = jobTypes.find((each) => each === value['type']);
  if (type === undefined) return invalid(`type must be one of: ${jobTypes.join(', ')}.`);
  const given = value[type === 'scheduleUpdateTwin' ? 'updateTwin' : 'cloudToDeviceMethod'];
  if (!isJsonObject(given))
    return invalid(
      `A job of type ${type} needs the object ${type === 'scheduleUpdateTwin' ? 'updateTwin' : 'cloudToDeviceMethod'}.`,
    );
  if (type === 'scheduleUpdateTwin') {
    const read = readTwinWrite(given, 'patch');
    return read.ok ? succeeded({ type, given, write: read.value }) : read;
  }
  // Also accepts the name of the timeout in the first API version, because older clients use it.
  const read = readMethodRequest({ responseTimeoutInSeconds: given['timeoutInSeconds'], ...given });
  return read.ok ? succeeded({ type, given, request: read.value }) : read;
}

function invalid(message: string): Result<never, HubProblem> {
  return failedWith(saying(hubProblems.argumentInvalid, message));
}

/** Default execution time of a job in seconds, as in the Node SDK. */
const defaultSeconds = 3600;
/** Two days. */
const longestSeconds = 172_800;
