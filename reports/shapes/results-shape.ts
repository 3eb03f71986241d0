import { z } from 'zod';
import { transports } from '../../core/history/events.ts';
import { checks, judges } from '../../core/checks.ts';
import { mutationResults } from '../../core/run/mutation-result.ts';
import { schemaVersion } from '../../core/run/run.ts';
import { drillShape } from './drill-shape.ts';
import { runFileShape } from './run-file-shape.ts';
import { signalShape } from './signal-shape.ts';
import { lineShape, secretShape } from './line-shape.ts';

const verdictKind = z.enum(['pass', 'fail', 'unknown', 'skipped']);
const count = z.int().min(0);

const registration = z
  .strictObject({
    device: z.string().meta({ description: 'Name of the device in the scenario.' }),
    registrationId: z.string(),
    attestation: z.enum(['x509', 'tpm', 'symmetricKey']),
    transport: z.enum(transports),
    outcome: z.enum(['assigned', 'refused', 'failed']).meta({
      description: '`assigned` only if the assigned hub also accepted telemetry of the device.',
    }),
    sentence: z.string().meta({ description: 'Describes the end of the attempt.' }),
    errorCode: z
      .int()
      .nullable()
      .meta({ description: 'Error code of the service, such as 401002; null if there is none.' }),
    check: z.string().nullable().meta({ description: 'The check that refused the device; null if there is none.' }),
    why: z.string().exactOptional().meta({
      description:
        'The values that the check compared, such as "expired 31 days ago"; absent if the run has no record of them.',
    }),
    decidedBy: z
      .enum(judges)
      .nullable()
      .meta({ description: 'The service, device or other party that applied the check.' }),
    at: z.string().meta({ description: 'Virtual instant of the end, ISO 8601.' }),
    hub: z.string().nullable().meta({ description: 'Name of the hub in the scenario.' }),
    assignedHub: z.string().nullable().meta({ description: 'Host name of the hub that DPS named.' }),
    deviceId: z.string().nullable(),
    substatus: z.string().nullable(),
    telemetry: z.enum(['accepted', 'refused', 'none']),
    attempts: count.meta({ description: 'Number of registration requests that the device sent.' }),
    visits: z.int().min(1).exactOptional().meta({
      description: 'Number of connections with the same result that this entry represents; omitted for one attempt.',
    }),
  })
  .meta({
    description:
      'One attempt of one device to get into service, or several connections to its hub with the same result.',
  });

const scenario = z
  .strictObject({
    id: z.string().meta({ description: 'ID of the scenario. It is unique in a run, and the same in each run.' }),
    file: z.string().meta({ description: 'Path of the scenario file as the user gave it, with / as separator.' }),
    title: z.string(),
    variant: z
      .string()
      .meta({ description: 'Name of the variant, such as validity=P90D; empty if the file has no matrix.' }),
    row: z.int().min(1).exactOptional().meta({
      description: 'Number of the matrix entry in the file, from 1; absent if the file has no matrix.',
    }),
    tags: z.array(z.string()),
    covers: z.array(z.string()),
    attack: z.string().nullable(),
    verdict: verdictKind,
    warnings: z
      .array(z.string())
      .meta({ description: 'Parts of the scenario that are not fit for production, independent of the verdict.' }),
    reason: z.string().meta({ description: 'The reason of the verdict.' }),
    seed: z
      .string()
      .meta({ description: 'Seed of this scenario. `rehearse run --seed` with this value repeats the run.' }),
    notice: z.enum(mutationResults).exactOptional().meta({
      description:
        'Result with the disabled check. noticed: the scenario failed because the check was disabled. unnoticed: the check would have failed, but the scenario passed. untouched: no decision of this run depended on the check. unknown: inconclusive.',
    }),
    virtualDuration: z.string().meta({ description: 'ISO 8601 duration from the first instant to the last.' }),
    wallMs: z.number().min(0).meta({ description: 'Real milliseconds.' }),
    attempts: count.meta({ description: 'Number of attempts; 0 if the run ended before this scenario started.' }),
    flaky: z.boolean().meta({
      description: 'True if the scenario passed only after a failed attempt, or if a repeat had another result.',
    }),
    repeats: z
      .strictObject({
        played: count.meta({ description: 'Number of runs, including the first one.' }),
        differences: z.array(
          z.strictObject({
            repeat: count.meta({ description: 'Number of the run; the first one has the number 1.' }),
            sentences: z
              .array(z.string())
              .meta({ description: 'The differences, each with the value of the first run and of this run.' }),
            runFile: runFileShape.nullable().meta({
              description: 'Path of the run.json of this repeat, relative to this file; null if there is none.',
            }),
          }),
        ),
      })
      .exactOptional()
      .meta({
        description:
          'Result of `--repeat`, which runs all scenarios several times with the same seed, in shuffled order. All other fields are those of the first run.',
      }),
    runFile: runFileShape
      .nullable()
      .meta({ description: 'Path of the run.json of this scenario, relative to this file; null if there is none.' }),
    registrations: z.array(registration),
    lines: z.array(lineShape),
    drills: z.array(drillShape),
    signals: z.array(signalShape),
    secrets: z
      .array(secretShape)
      .meta({ description: 'The parties that could read a secret, with location and time.' }),
  })
  .meta({ description: 'One scenario variant.' });

/** Shape of `results.json`: one run of `rehearse run`. */
export const resultsShape = z
  .strictObject({
    schemaVersion: z.literal(schemaVersion),
    complete: z.boolean().meta({
      description:
        'false while the run is in progress, and if it was killed. Scenarios without a result have the verdict unknown.',
    }),
    seed: z.string().meta({ description: 'Seed of every scenario without its own seed.' }),
    shard: z
      .string()
      .nullable()
      .meta({ description: 'The part of the suite that --shard selected, such as 1/3; null without --shard.' }),
    selection: z
      .strictObject({
        paths: z
          .array(z.string())
          .meta({ description: 'Files and folders as the user gave them; empty for the default.' }),
        grep: z.string().nullable().meta({ description: 'The pattern of --grep; null without --grep.' }),
      })
      .exactOptional()
      .meta({
        description:
          'The arguments that chose the scenarios. Omitted if they are unknown, for example with --watch, or if merged runs differ in them.',
      }),
    sabotage: z
      .strictObject({
        check: z.enum(Object.keys(checks)),
        noticedBy: z
          .array(z.string())
          .meta({ description: 'IDs of the scenarios that failed because of the disabled check.' }),
      })
      .exactOptional()
      .meta({
        description:
          'The disabled check. Each verdict of this run shows only whether the scenario detects that the check is disabled, and not whether a design is good.',
      }),
    versions: z.strictObject({ rehearsal: z.string(), node: z.string(), swtpm: z.string().exactOptional() }),
    summary: z.strictObject({
      total: count,
      passed: count.meta({ description: 'Number of scenarios that passed, including flaky ones.' }),
      failed: count,
      skipped: count,
      unknown: count,
      flaky: count.meta({ description: 'Number of flaky scenarios. The counts by verdict include them too.' }),
      wallMs: z.number().min(0),
    }),
    troubles: z.array(z.string()).meta({ description: 'Problems outside any scenario; empty if there were none.' }),
    scenarios: z.array(scenario),
  })
  .meta({ title: 'results.json of rehearse' });

export type Results = z.output<typeof resultsShape>;
export type ScenarioResult = z.output<typeof scenario>;
export type RegistrationResult = z.output<typeof registration>;
