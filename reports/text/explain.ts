import { checks } from '../../core/checks.ts';
import { fleetText } from '../../core/history/fleet-text.ts';
import { isoInstant } from '../../core/time/clock.ts';
import { type Decision, firstFailed } from '../../core/history/decision.ts';
import type { HistoryEvent } from '../../core/history/events.ts';
import type { Run } from '../../core/run/run.ts';
import { blastText } from '../sentences/blast-text.ts';
import { type FirstContact, firstContactOf } from '../../core/findings/first-contact.ts';
import { expectationPlace, placeText } from '../sentences/expectation-place.ts';
import { drillText } from '../sentences/drill-text.ts';
import { quietVisitsText } from '../../core/findings/quiet-visits-text.ts';
import type { Paint } from '../markup/paint.ts';
import { oneLine } from '../markup/plain-text.ts';
import { spokenBetween } from '../../core/time/spoken-between.ts';
import { expectedText } from '../sentences/expected-text.ts';
import { titleOf } from '../sentences/title-of.ts';
import { passingText } from '../sentences/passing-text.ts';
import { withSpokenDurations } from '../sentences/with-spoken-durations.ts';
import { counted } from '../markup/counted.ts';
import { wrapped } from '../markup/wrapped.ts';

/** Explains a run in sentences: the actions, the checks of the services, and the reasons of the results. Ends with a line break. */
export function explainText(run: Run, paint: Paint): string {
  return [
    paint('bold', oneLine(withSpokenDurations(titleOf(run)))),
    paint('dim', oneLine(run.file)),
    '',
    ...paragraph(run.story),
    ...steps(run.history).flatMap((step, index, all) => stepLines(step, all[index - 1], run, paint)),
    `${paint('bold', 'Verdict')}: ${oneLine(run.verdict.reason)}`,
    '',
    ...paragraph(run.teaches),
  ].join('\n');
}

const width = 100;

function paragraph(text: string | undefined): readonly string[] {
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
  const later =
    former === undefined || step.from === former.from
      ? ''
      : paint('dim', `  ${spokenBetween(former.from, step.from)} later`);
  const judged = run.stepVerdicts
    .filter(({ step: of }) => of === step.number)
    .flatMap((verdict) => {
      const { kind, device, expected, happened } = verdict;
      const who = device === '' ? '' : `${device}: `;
      if (kind === 'pass') return [`${paint('green', '✓')} as expected: ${who}${expected}`];
      const place = placeText(run.file, expectationPlace(run, verdict));
      return [`${paint('red', '✗')} expected ${who}${expectedText(verdict)}, actual ${happened}`, paint('dim', place)];
    });
  // Time jumps at the end of a step are omitted, because the heading of the next step shows the elapsed time.
  const events = step.events.slice(0, step.events.findLastIndex(({ kind }) => kind !== 'time-jumped') + 1);
  const lines = [...events.flatMap((event, index) => sentences(event, events.slice(index + 1))), ...judged];
  return [
    `${paint('bold', date)}  ${step.name}${paint('dim', `, line ${step.line}`)}${later}`,
    ...lines.flatMap((line) =>
      wrapped(oneLine(line), width - 4).map((part, index) => `${index === 0 ? '  ' : '    '}${part}`),
    ),
    '',
  ];
}

/**
 * Describes one event in sentences; empty for an event that only programs use.
 *
 * @param later the events after it in its step.
 */
function sentences(event: HistoryEvent, later: readonly HistoryEvent[]): readonly string[] {
  switch (event.kind) {
    case 'deed':
      return [
        `${spoken(event.party)}${event.station === undefined ? '' : ` at ${event.station}`}, ${event.subject}: ${withSpokenDurations(event.sentence)}`,
      ];
    case 'attempt-started':
      return [
        `${event.device} ${firstContact[firstContactOf(event, later)]} as ${event.registrationId}, with ${event.attestation} over ${event.transport}`,
      ];
    case 'attempt-ended':
      return [`result for ${event.device}: ${event.outcome}, ${event.sentence}`];
    case 'quiet-visits':
      return [`result for ${event.device}: ${quietVisitsText(event)}`];
    case 'decision':
      return decisionSentences(event);
    case 'time-jumped': {
      const waited = spokenBetween(event.from, event.to);
      return event.to - event.from < 60_000 ? [] : [passingText(waited)];
    }
    case 'blast-radius':
      return [blastText(event)];
    case 'drill':
      return [drillText(event)];
    case 'fleet':
      return [`fleet ${event.device}: ${fleetText(event)}`];
    case 'signals':
      return event.findings.map(({ signal, sentence }) => `the logs show ${signal}: ${sentence}`);
    // No sentence describes these events, because only programs need them or another event describes the same.
    case 'asked-afar':
    case 'client-hello':
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

const firstContact = {
  dps: 'contacts the provisioning service',
  hub: 'connects to its hub',
  unknown: 'tries to get into service',
} as const satisfies Record<FirstContact, string>;

function decisionSentences(decision: Decision): readonly string[] {
  const who = spoken(decision.judge);
  const against = firstFailed(decision);
  const passed = decision.checks.filter((check) => check.passed).length;
  if (against === undefined) {
    const names = decision.checks.map(({ check }) => check).join(', ');
    return passed === 0 ? [] : [`${who} accepts after ${counted(passed, 'passed check')}: ${names}`];
  }
  return [
    `${who} rejects at check ${passed + 1}: ${against.check}`,
    `required: ${checks[against.check]}`,
    `expected ${against.expected}; found ${against.found}`,
  ];
}

const names: Readonly<Record<string, string>> = { dps: 'DPS', hub: 'the hub', device: 'the device', pki: 'the PKI' };

function spoken(who: string): string {
  return names[who] ?? `the ${who.replaceAll('-', ' ')}`;
}
