import { z } from 'zod';
import { transports } from '../../core/history/events.ts';
import { checks, judges } from '../../core/checks.ts';
import { fidelitySwitches } from '../../core/cloud/fidelity.ts';
import { schemaVersion } from '../../core/run/run.ts';
import { expectedOutcomes } from '../../core/run/expected-outcome.ts';
import { drillShape } from './drill-shape.ts';
import { signalShape } from './signal-shape.ts';
import { lineShape, secretShape } from './line-shape.ts';

const verdictKind = z.enum(['pass', 'fail', 'unknown', 'skipped']);
const checkId = z.enum(Object.keys(checks));
const place = z.int().min(1);

const checkResult = z
  .strictObject({
    check: checkId,
    passed: z.boolean(),
    expected: z.string(),
    found: z.string(),
    sabotaged: z.literal(true).optional().meta({
      description:
        'True if the check failed, but the service continued as if it had passed, because the check was disabled.',
    }),
  })
  .meta({ description: 'One check of a decision, with the two values that it compared.' });

const actualValue = z.union([z.string(), z.number(), z.array(z.string()), z.record(z.string(), z.unknown())]);

const assertion = z
  .strictObject({
    word: z.string().meta({ description: 'A word of `expect:`.' }),
    expected: z.unknown().meta({ description: 'The value in the scenario file.' }),
    actual: actualValue.optional().meta({ description: 'The value in the run; absent if the run has no such value.' }),
    passed: z.boolean(),
    difference: z
      .string()
      .optional()
      .meta({ description: 'Describes how both values differ; absent if the assertion is true.' }),
  })
  .meta({ description: 'The comparison of one word of `expect:` with the actual value.' });

const stepVerdict = z
  .strictObject({
    kind: verdictKind,
    reason: z.string(),
    step: z.int().min(0).meta({ description: 'Index in the timeline, from 0.' }),
    name: z.string(),
    device: z.string(),
    line: place.meta({ description: 'Position of the expectation in the file, from 1.' }),
    column: place,
    expected: z.string().meta({ description: 'The whole expectation as text, for people.' }),
    happened: z.string().meta({ description: 'The actual result as text, for people.' }),
    assertions: z.array(assertion).optional().meta({
      description: 'One entry per word of the expectation; absent in runs that an earlier version recorded.',
    }),
    trace: z
      .array(checkResult)
      .meta({ description: 'The checks of the decision that determined the result, in order.' }),
  })
  .meta({ description: 'The verdict on one expectation and one device.' });

const registration = z
  .strictObject({
    device: z.string(),
    registrationId: z.string(),
    attestation: z.enum(['x509', 'tpm', 'symmetricKey']),
    transport: z.enum(transports),
    outcome: z.enum(['assigned', 'refused', 'failed']),
    sentence: z.string(),
    assignedHub: z.string().optional(),
    hub: z.string().optional(),
    deviceId: z.string().optional(),
    substatus: z.string().optional(),
    errorCode: z.int().optional(),
    check: checkId.optional(),
    decidedBy: z.enum(judges).optional(),
    telemetry: z.enum(['accepted', 'refused', 'none']),
    attempts: z.int().min(0),
    at: z.string(),
    took: z.string(),
    visits: z.int().min(1).optional().meta({
      description: 'Number of connections with the same result that this entry represents; omitted for one attempt.',
    }),
  })
  .meta({
    description:
      'One attempt of one device to get into service, or several connections to its hub with the same result.',
  });

const happening = z
  .looseObject({
    at: z.number().meta({ description: 'Virtual instant in milliseconds since 1970-01-01T00:00:00Z.' }),
    kind: z.enum([
      'step-started',
      'step-ended',
      'time-jumped',
      'deed',
      'asked-afar',
      'secret',
      'unit',
      'line-ended',
      'reconciled',
      'blast-radius',
      'drill',
      'fleet',
      'signals',
      'wire',
      'client-hello',
      'service-record',
      'decision',
      'attempt-started',
      'attempt-ended',
      'quiet-visits',
    ]),
  })
  .meta({ description: 'An event; the other fields depend on its kind.' });

/** Shape of `run.json`: the run of one scenario variant. For events of the history it describes only the common fields. */
export const runShape = z
  .strictObject({
    schemaVersion: z.literal(schemaVersion),
    id: z.string(),
    file: z.string(),
    title: z.string(),
    variant: z.string(),
    row: z.int().min(1).optional().meta({
      description: 'Number of the matrix entry in the file, from 1; absent if the file has no matrix.',
    }),
    tags: z.array(z.string()),
    covers: z.array(z.string()),
    attack: z.string().optional(),
    story: z.string().optional(),
    teaches: z.string().optional(),
    shows: z.enum(expectedOutcomes).optional().meta({
      description:
        'well if the scenario shows that a practice works, wrong if it shows what goes wrong without the practice.',
    }),
    seed: z.string(),
    startsPrograms: z.literal(true).optional().meta({
      description: 'True if a device of the run was a program of the user, so that a re-run needs `--allow-programs`.',
    }),
    sabotage: checkId.optional().meta({
      description: 'The check that was disabled to see whether the scenario detects it; absent in every other run.',
    }),
    versions: z.strictObject({ rehearsal: z.string(), node: z.string(), swtpm: z.string().optional() }),
    fidelity: z.strictObject(
      Object.fromEntries(Object.entries(fidelitySwitches).map(([name, { options }]) => [name, z.enum(options)])),
    ),
    verdict: z.strictObject({ kind: verdictKind, reason: z.string() }),
    warnings: z.array(z.string()).meta({
      description: 'Parts of the scenario that are not fit for production.',
    }),
    stepVerdicts: z.array(stepVerdict),
    registrations: z.array(registration),
    lines: z.array(lineShape),
    drills: z.array(drillShape),
    signals: z.array(signalShape),
    secrets: z.array(secretShape),
    audits: z
      .array(z.strictObject({ station: z.string(), lines: z.array(z.string()) }))
      .meta({ description: 'Audit trails, line by line. Each trail is also a file next to run.json.' }),
    virtualDuration: z.string().meta({ description: 'ISO 8601 duration from the first instant to the last.' }),
    wallMs: z.number().min(0),
    history: z.array(happening).meta({ description: 'All events, in order.' }),
    certificates: z
      .record(z.string().regex(/^[0-9A-F]{64}$/), z.string())
      .optional()
      .meta({
        description:
          'The public certificates that events refer to, each once: base64 of the DER, by SHA-256 thumbprint; absent if there are none, and in runs that an earlier version recorded.',
      }),
    text: z.string().optional().meta({ description: 'The text of the scenario file at the time of the run.' }),
  })
  .meta({ title: 'run.json of rehearse' });
