import type { Registration } from '../core/attempt.ts';
import { schemaVersion } from '../core/run.ts';
import type { VerdictKind } from '../core/verdict.ts';
import type { PlayedRun, Playback } from './playback.ts';
import type { RegistrationResult, Results, ScenarioResult } from './results-shape.ts';

/** The results of a playback as `results.json` holds them; the shape is in results.schema.json. */
export function resultsOf(playback: Playback): Results {
  const { played } = playback;
  const counted = (kind: VerdictKind): number => played.filter(({ run }) => run.verdict.kind === kind).length;
  return {
    schemaVersion,
    complete: playback.complete,
    seed: playback.seed,
    shard: playback.shard ?? null,
    versions: playback.versions,
    summary: {
      total: played.length,
      passed: counted('pass'),
      failed: counted('fail'),
      skipped: counted('skipped'),
      unknown: counted('unknown'),
      flaky: played.filter(({ flaky }) => flaky).length,
      wallMs: Math.round(playback.wallMs),
    },
    troubles: [...playback.troubles],
    scenarios: played.map(scenarioResult),
  };
}

/** Text of results.json. */
export function resultsJson(playback: Playback): string {
  return `${JSON.stringify(resultsOf(playback), null, 2)}\n`;
}

function scenarioResult({ run, attempts, flaky, runFile }: PlayedRun): ScenarioResult {
  return {
    id: run.id,
    file: run.file,
    title: run.title,
    variant: run.variant,
    tags: [...run.tags],
    covers: [...run.covers],
    verdict: run.verdict.kind,
    reason: run.verdict.reason,
    warnings: [...run.warnings],
    seed: run.seed,
    virtualDuration: run.virtualDuration,
    wallMs: Math.round(run.wallMs),
    attempts,
    flaky,
    runFile: runFile ?? null,
    registrations: run.registrations.map(registrationResult),
    lines: run.lines.map((line) => ({ ...line, stations: [...line.stations], online: [...line.online] })),
    secrets: [...run.secrets],
  };
}

function registrationResult(registration: Registration): RegistrationResult {
  return {
    device: registration.device,
    registrationId: registration.registrationId,
    attestation: registration.attestation,
    transport: registration.transport,
    outcome: registration.outcome,
    sentence: registration.sentence,
    errorCode: registration.errorCode ?? null,
    check: registration.check ?? null,
    decidedBy: registration.decidedBy ?? null,
    at: registration.at,
    hub: registration.hub ?? null,
    assignedHub: registration.assignedHub ?? null,
    deviceId: registration.deviceId ?? null,
    substatus: registration.substatus ?? null,
    telemetry: registration.telemetry,
    attempts: registration.attempts,
  };
}
