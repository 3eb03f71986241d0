import { checks } from '../core/checks.ts';
import { isoInstant } from '../core/time/clock.ts';
import { type Decision, firstFailed } from '../core/history/decision.ts';
import { durationBetween } from '../core/time/duration.ts';
import type { HistoryEvent } from '../core/history/events.ts';
import type { Run } from '../core/run/run.ts';
import { blastText } from './sentences/blast-text.ts';
import { drillText } from './sentences/drill-text.ts';
import type { Paint } from './markup/paint.ts';
import { oneLine } from './markup/plain-text.ts';
import { spokenDuration } from '../core/time/spoken-duration.ts';
import { titleOf } from './sentences/title-of.ts';
import { wrapped } from './markup/wrapped.ts';

/** A run in plain sentences: what was done, what the service looked at, and why it came out so. Ends with a line break. */
export function explainText(run: Run, paint: Paint): string {
  return [
    paint('bold', oneLine(titleOf(run))),
    paint('dim', oneLine(run.file)),
    '',
    ...told(run.story),
    ...steps(run.history).flatMap((step, index, all) => stepLines(step, all[index - 1], run, paint)),
    `${paint('bold', 'In the end')}: ${oneLine(run.verdict.reason)}`,
    '',
    ...told(run.teaches),
  ].join('\n');
}

const width = 100;

function told(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [...wrapped(oneLine(text), width), ''];
}

interface Step {
  readonly name: string;
  readonly line: number;
  readonly number: number;
  readonly from: number;
  readonly events: readonly HistoryEvent[];
}

function steps(events: readonly HistoryEvent[]): readonly Step[] {
  const found: (Step & { events: HistoryEvent[] })[] = [];
  for (const event of events) {
    if (event.kind === 'step-started') {
      found.push({ name: event.name, line: event.line, number: event.step, from: event.at, events: [] });
    } else found.at(-1)?.events.push(event);
  }
  return found;
}

function stepLines(step: Step, former: Step | undefined, run: Run, paint: Paint): readonly string[] {
  const date = isoInstant(step.from).slice(0, 16).replace('T', ' ');
  const waited =
    former === undefined || step.from === former.from ? undefined : durationBetween(former.from, step.from);
  const later = waited === undefined ? '' : paint('dim', `  ${spokenDuration(waited)} later`);
  const judged = run.stepVerdicts
    .filter(({ step: of }) => of === step.number)
    .map(({ kind, device, expected, happened }) => {
      const who = device === '' ? '' : `${device}: `;
      return kind === 'pass'
        ? `${paint('green', '✓')} as expected: ${who}${expected}`
        : `${paint('red', '✗')} expected ${who}${expected}, happened ${happened}`;
    });
  // How long it is until the next step stands there.
  const events = step.events.slice(0, step.events.findLastIndex(({ kind }) => kind !== 'time-jumped') + 1);
  const lines = [...events.flatMap((event) => sentences(event)), ...judged];
  return [
    `${paint('bold', date)}  ${step.name}${paint('dim', `, line ${step.line}`)}${later}`,
    ...lines.flatMap((line) =>
      wrapped(oneLine(line), width - 4).map((part, index) => `${index === 0 ? '  ' : '    '}${part}`),
    ),
    '',
  ];
}

/** What one event says to somebody who was not there; most of what is only of use to programs says nothing. */
function sentences(event: HistoryEvent): readonly string[] {
  switch (event.kind) {
    case 'deed':
      return [
        `${spoken(event.party)}${event.station === undefined ? '' : ` at ${event.station}`}, ${event.subject}: ${event.sentence}`,
      ];
    case 'attempt-started':
      return [
        `${event.device} calls the provisioning service as ${event.registrationId}, by ${event.attestation} over ${event.transport}`,
      ];
    case 'attempt-ended':
      return [`${event.device} ends ${event.outcome}: ${event.sentence}`];
    case 'decision':
      return decisionSentences(event);
    case 'time-jumped': {
      const waited = durationBetween(event.from, event.to);
      return event.to - event.from < 60_000 ? [] : [`${spokenDuration(waited)} pass`];
    }
    case 'blast-radius':
      return [blastText(event)];
    case 'drill':
      return [drillText(event)];
    case 'signals':
      return event.findings.map(({ signal, sentence }) => `the logs show ${signal}: ${sentence}`);
    // Of use to programs, or told by others beside them.
    case 'asked-afar':
    case 'line-ended':
    case 'reconciled':
    case 'secret':
    case 'service-record':
    case 'step-started':
    case 'step-ended':
    case 'unit':
    case 'wire':
      return [];
  }
}

function decisionSentences(decision: Decision): readonly string[] {
  const who = spoken(decision.judge);
  const against = firstFailed(decision);
  const held = decision.checks.filter(({ passed }) => passed).length;
  if (against === undefined) {
    const names = decision.checks.map(({ check }) => check).join(', ');
    return held === 0
      ? []
      : [`${who} looks at ${held} ${held === 1 ? 'thing' : 'things'} and all of it holds: ${names}`];
  }
  const before = held === 0 ? 'first thing' : `after ${held} that held`;
  return [
    `${who} says no, ${before}: ${against.check}`,
    `what must hold: ${checks[against.check]}`,
    `expected ${against.expected}; found ${against.found}`,
  ];
}

const names: Readonly<Record<string, string>> = { dps: 'DPS', hub: 'the hub', device: 'the device', pki: 'the PKI' };

function spoken(who: string): string {
  return names[who] ?? `the ${who.replaceAll('-', ' ')}`;
}
