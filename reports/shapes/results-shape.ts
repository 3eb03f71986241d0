import { z } from 'zod';
import { transports } from '../../core/history/events.ts';
import { checks, judges } from '../../core/checks.ts';
import { notices } from '../../core/run/mutation-result.ts';
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
      description: 'assigned only when the hub accepted telemetry with the credential that was earned.',
    }),
    sentence: z.string().meta({ description: 'Where the attempt ended, for people.' }),
    errorCode: z
      .int()
      .nullable()
      .meta({ description: "The service's own number, such as 401002; null where it gave none." }),
    check: z
      .string()
      .nullable()
      .meta({ description: 'The check that decided against the device; null where none did.' }),
    decidedBy: z.enum(judges).nullable().meta({ description: 'Who made that check.' }),
    at: z.string().meta({ description: 'Virtual instant of the end, ISO 8601.' }),
    hub: z.string().nullable().meta({ description: 'Name of the hub in the scenario.' }),
    assignedHub: z.string().nullable().meta({ description: 'Host name of the hub that DPS named.' }),
    deviceId: z.string().nullable(),
    substatus: z.string().nullable(),
    telemetry: z.enum(['accepted', 'refused', 'none']),
    attempts: count.meta({ description: 'Registration requests that were sent.' }),
  })
  .meta({ description: 'One attempt of one device to get into service.' });

const scenario = z
  .strictObject({
    id: z.string().meta({ description: 'Unique in a run and stable between runs.' }),
    file: z.string().meta({ description: 'Path as the user gave it, with /.' }),
    title: z.string(),
    variant: z.string().meta({ description: 'Such as validity=P90D; empty where there is no matrix.' }),
    tags: z.array(z.string()),
    covers: z.array(z.string()),
    attack: z.string().nullable(),
    verdict: verdictKind,
    warnings: z.array(z.string()).meta({ description: 'What is not fit for production in it, whatever the verdict.' }),
    reason: z.string().meta({ description: 'Why the verdict is what it is.' }),
    seed: z.string().meta({ description: 'Plays this scenario again with `rehearse run --seed`.' }),
    notice: z.enum(notices).exactOptional().meta({
      description: 'What it shows where a check is switched off: untouched if the check decided nothing in it.',
    }),
    virtualDuration: z.string().meta({ description: 'ISO 8601 duration from the first instant to the last.' }),
    wallMs: z.number().min(0).meta({ description: 'Real milliseconds.' }),
    attempts: count.meta({ description: 'How often it was played; 0 when the run ended before.' }),
    flaky: z.boolean().meta({
      description: 'Passed only after an attempt that did not, or came out differently when it was played again.',
    }),
    repeats: z
      .strictObject({
        played: count.meta({ description: 'How often it was played altogether.' }),
        differences: z.array(
          z.strictObject({
            repeat: count.meta({ description: 'Counts from 1, the first time that it was played.' }),
            sentences: z.array(z.string()).meta({ description: 'What was in the first and what is in this one.' }),
            runFile: runFileShape.nullable().meta({ description: 'Its run.json, relative to this file.' }),
          }),
        ),
      })
      .exactOptional()
      .meta({ description: 'Of `--repeat`: the same seed again, in another order. The rest of it is of the first.' }),
    runFile: runFileShape
      .nullable()
      .meta({ description: 'Its run.json, relative to this file; null when it left none.' }),
    registrations: z.array(registration),
    lines: z.array(lineShape),
    drills: z.array(drillShape),
    signals: z.array(signalShape),
    secrets: z.array(secretShape).meta({ description: 'Who could read which secret, where and when.' }),
  })
  .meta({ description: 'One scenario variant.' });

/** Shape of `results.json`: one run of `rehearse run`. */
export const resultsShape = z
  .strictObject({
    schemaVersion: z.literal(schemaVersion),
    complete: z.boolean().meta({
      description: 'false while the run goes on and after it was killed: what is missing then has the verdict unknown.',
    }),
    seed: z.string().meta({ description: 'Seed of every scenario that does not name its own.' }),
    shard: z.string().nullable().meta({ description: 'Such as 1/3; null for the whole.' }),
    sabotage: z
      .strictObject({
        check: z.enum(Object.keys(checks)),
        noticedBy: z.array(z.string()).meta({ description: 'Ids of the scenarios that failed because of it.' }),
      })
      .exactOptional()
      .meta({
        description: 'The check that was switched off; verdicts then say who notices, and nothing of a design.',
      }),
    versions: z.strictObject({ rehearsal: z.string(), node: z.string(), swtpm: z.string().exactOptional() }),
    summary: z.strictObject({
      total: count,
      passed: count.meta({ description: 'With those that are flaky and passed.' }),
      failed: count,
      skipped: count,
      unknown: count,
      flaky: count.meta({ description: 'Counted once more, by verdict, above.' }),
      wallMs: z.number().min(0),
    }),
    troubles: z
      .array(z.string())
      .meta({ description: 'What went wrong outside any scenario; empty after a good run.' }),
    scenarios: z.array(scenario),
  })
  .meta({ title: 'results.json of rehearse' });

export type Results = z.output<typeof resultsShape>;
export type ScenarioResult = z.output<typeof scenario>;
export type RegistrationResult = z.output<typeof registration>;
