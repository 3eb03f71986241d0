import { defined } from '../core/defined.ts';
import type { Registration } from '../core/history/events.ts';
import { mutationResultOf } from '../core/run/mutation-result.ts';
import type { PlayedRun, Repeats } from './playback.ts';
import { refusalTextsOf } from './sentences/refusal-text.ts';
import type { RegistrationResult, ScenarioResult } from './shapes/results-shape.ts';

/** Returns the entry of a scenario in results.json. */
export function scenarioResult({ run, attempts, flaky, repeats, runFile }: PlayedRun): ScenarioResult {
  const whyOf = refusalTextsOf(run.stepVerdicts);
  return {
    id: run.id,
    file: run.file,
    title: run.title,
    variant: run.variant,
    ...defined({ row: run.row }),
    tags: [...run.tags],
    covers: [...run.covers],
    attack: run.attack ?? null,
    verdict: run.verdict.kind,
    reason: run.verdict.reason,
    warnings: [...run.warnings],
    seed: run.seed,
    ...defined({ notice: run.sabotage === undefined ? undefined : mutationResultOf(run) }),
    virtualDuration: run.virtualDuration,
    wallMs: Math.round(run.wallMs),
    attempts,
    flaky,
    ...defined({ repeats: repeats === undefined ? undefined : repeatsResult(repeats) }),
    runFile: runFile ?? null,
    registrations: run.registrations.map((one) => registrationResult(one, whyOf(one))),
    lines: run.lines.map((line) => ({ ...line, stations: [...line.stations], online: [...line.online] })),
    drills: run.drills.map((drill) => ({ ...drill, honest: [...drill.honest], hurt: [...drill.hurt] })),
    signals: run.signals.map((finding) => ({ ...finding, events: [...finding.events] })),
    secrets: [...run.secrets],
  };
}

function repeatsResult({ played, differences }: Repeats): NonNullable<ScenarioResult['repeats']> {
  return {
    played,
    differences: differences.map(({ repeat, sentences, runFile }) => ({
      repeat,
      sentences: [...sentences],
      runFile: runFile ?? null,
    })),
  };
}

function registrationResult(registration: Registration, why: string | undefined): RegistrationResult {
  return {
    device: registration.device,
    registrationId: registration.registrationId,
    attestation: registration.attestation,
    transport: registration.transport,
    outcome: registration.outcome,
    sentence: registration.sentence,
    errorCode: registration.errorCode ?? null,
    check: registration.check ?? null,
    ...defined({ why }),
    decidedBy: registration.decidedBy ?? null,
    at: registration.at,
    hub: registration.hub ?? null,
    assignedHub: registration.assignedHub ?? null,
    deviceId: registration.deviceId ?? null,
    substatus: registration.substatus ?? null,
    telemetry: registration.telemetry,
    attempts: registration.attempts,
    ...defined({ visits: registration.visits }),
  };
}
