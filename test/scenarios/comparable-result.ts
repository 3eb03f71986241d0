import type { HistoryEvent, Registration } from '../../core/history/events.ts';
import { normaliseHistory } from '../../core/history/normalise-history.ts';
import type { Run } from '../../core/run/run.ts';
import { classicHubName } from '../../core/wire/hub-names.ts';

/** Returns the parts of a run that do not depend on whether a hub visit uses a connection or is only computed and counted. */
export function comparableResult(run: Run): unknown {
  const result = { ...resultOf(run), attempts: attemptsOf(run), hubLog: [...hubLog(run)] };
  // Each run makes new keys, and some names depend on the keys, so this function normalises keys and names.
  return JSON.parse(normaliseHistory([result as unknown as HistoryEvent]));
}

/** Returns every result on which reports and exit codes depend, without positions in the history. */
function resultOf({ verdict, stepVerdicts, warnings, lines, drills, signals, audits, virtualDuration, secrets }: Run) {
  const found = signals.map(({ signal, subject, sentence }) => `${signal} ${subject}: ${sentence}`);
  const steps = stepVerdicts.map(({ trace, ...step }) => ({
    ...step,
    trace: trace.map(({ check, passed }) => `${check} ${passed}`),
  }));
  return { verdict, steps, warnings, lines, drills, found, audits, virtualDuration, secrets };
}

/**
 * Returns one line for each attempt, grouped by device. An entry that counts several visits has the instants of its first and its last
 * visit.
 */
function attemptsOf({ registrations }: Run): Readonly<Record<string, readonly string[]>> {
  const byDevice: Record<string, string[]> = {};
  for (const one of registrations) {
    const lines = (byDevice[one.device] ??= []);
    for (let visit = 0; visit < (one.visits ?? 1); visit++) lines.push(lineOf(one));
  }
  return byDevice;
}

function lineOf(one: Registration): string {
  const { outcome, hub, deviceId, telemetry, attempts, check, decidedBy, errorCode } = one;
  return [outcome, hub, deviceId, telemetry, attempts, check, decidedBy, errorCode].join(' ');
}

/** Returns the first and the last instant at which each hub accepted each identity. */
function hubLog({ history }: Run): ReadonlyMap<string, readonly [number, number]> {
  const spans = new Map<string, readonly [number, number]>();
  const note = (key: string, at: number): void => {
    spans.set(key, [Math.min(at, spans.get(key)?.[0] ?? at), Math.max(at, spans.get(key)?.[1] ?? at)]);
  };
  for (const event of history) {
    if (event.kind === 'service-record' && event.outcome === 'attested')
      note(`${event.service} ${event.identity}`, event.at);
    if (event.kind !== 'quiet-visits') continue;
    // The log of a hub has the classic name.
    const key = `${classicHubName(event.hub)} ${event.deviceId}`;
    note(key, event.first);
    note(key, event.last);
  }
  return spans;
}
