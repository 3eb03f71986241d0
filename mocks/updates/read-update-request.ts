import { z } from 'zod';
import { failedWith, succeeded, type Result } from '../../core/result.ts';
import { invalid, problems, type Problem } from '../../core/wire/problems.ts';

const updateId = z.strictObject({ provider: z.string(), name: z.string(), version: z.string() });

const tpm = z.strictObject({ endorsementKey: z.string(), storageRootKey: z.string().nullish() }).nullish();

const etag = z.string().min(1).max(128);

/** The body of `requestOnboardingUpdates` and `requestSoftwareUpdates` (REST description 2026-11-02-preview, `device.json`). */
const checkSchema = z.strictObject({
  registrationId: z.string().nullish(),
  agentInfo: z
    .strictObject({
      agentSdkVersion: z.string(),
      agentProfile: z.int(),
      compatibilityProperties: z.record(z.string(), z.string()),
    })
    .optional(),
  tpm,
  installedUpdateId: updateId.optional(),
  agentInfoEtag: etag.optional(),
  serviceConfigEtag: etag.optional(),
});

const stepResult = z.strictObject({
  outcome: z.string(),
  failureOrigin: z.string(),
  resultCode: z.int(),
  extendedResultCodes: z.string().max(1024),
  resultDetails: z.string().max(1024).optional(),
});

/** The outcomes and the origins of failures that the REST description lists. */
const outcomes = ['IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED'] as const;
const failureOrigins = [
  'NOT_APPLICABLE',
  'ADU_CLOUD_SERVICE',
  'ADU_MANAGED_RESOURCE',
  'AGENT_CORE',
  'AGENT_EXTENSION',
  'AGENT_DEPENDENCY',
  'DEVICE',
  'OTHER',
] as const;

/** The body of `reportUpdateStatus`. */
const reportSchema = z.strictObject({
  registrationId: z.string().nullish(),
  workflowId: z.string().min(1).max(128),
  installResult: z.strictObject({
    ...stepResult.shape,
    outcome: z.enum(outcomes),
    failureOrigin: z.enum(failureOrigins),
    stepResults: z.record(z.string().regex(/^step_\d+$/), stepResult).optional(),
  }),
  tpm,
  installedUpdateId: updateId.optional(),
});

export type UpdateCheck = z.output<typeof checkSchema>;
export type UpdateReportBody = z.output<typeof reportSchema>;

export function readUpdateCheck(body: Buffer): Result<UpdateCheck, Problem> {
  return read(checkSchema, body);
}

export function readUpdateReport(body: Buffer): Result<UpdateReportBody, Problem> {
  return read(reportSchema, body);
}

function read<Body>(schema: z.ZodType<Body>, body: Buffer): Result<Body, Problem> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return failedWith(problems.malformedBody);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return succeeded(parsed.data);
  const [issue] = parsed.error.issues;
  return failedWith(invalid(`${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'invalid'}`.slice(0, 300)));
}
