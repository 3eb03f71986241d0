import { isMap, isNode, isSeq, LineCounter, parse, parseDocument } from 'yaml';
import type { Attestation } from '../../../core/history/events.ts';
import type { Change } from '../../../sim/scenario/editor/change.ts';
import { type Choice, choicesIn } from '../../../sim/scenario/editor/choices.ts';
import { choose, type Chosen, removeKey } from '../../../sim/scenario/editor/choose.ts';
import { convertCredentials } from '../../../sim/scenario/editor/convert-credentials.ts';
import { enrollingSteps } from '../../../sim/scenario/editor/credential-steps.ts';
import { countSteps, insertSteps, removeStep, stepText } from '../../../sim/scenario/editor/edit-timeline.ts';
import { spreadMatrix } from '../../../sim/scenario/matrix.ts';
import { namesIn } from '../../../sim/scenario/names-in.ts';
import type { Mistake } from '../../../sim/scenario/mistakes/mistake.ts';
import type { Path } from '../../../sim/scenario/yaml-source.ts';
import { vocabulary } from '../../files/load-files.ts';
import { shorthandAt } from '../check-text.ts';
import type { Impossible } from './trial.ts';

/** The reason why a text cannot be played: mistakes, or a step that cannot be performed. */
export interface Obstacle {
  readonly mistakes: readonly Mistake[];
  readonly impossible?: Impossible;
}

/** A change that may solve an obstacle. */
interface Candidate extends Change {
  /** Number of steps that the change adds before the impossible step; -1 if it removes that step. */
  readonly moved?: number;
}

interface Flipped {
  /** Index of the variant, from 0. */
  readonly variant: number;
  /** The path of the choice that the user made. No candidate changes it. */
  readonly path: Path;
}

/** Yields changes that may solve an obstacle, the most natural ones first: steps to add, other values, steps to remove. */
export function* candidates(text: string, flipped: Flipped, obstacle: Obstacle): Generator<Candidate> {
  // A mistake in any variant of the file prevents the play.
  const choices = obstacle.mistakes.length > 0 ? choicesOfAll(text, flipped.variant) : choicesOf(text, flipped.variant);
  const own = choices.find((choice) => isSame(choice.path, flipped.path));
  const { impossible } = obstacle;
  if (impossible !== undefined && impossible.stepsBefore.length > 0) {
    const added = insertSteps(text, impossible.step, impossible.stepsBefore);
    const changes = impossible.stepsBefore.map((step) => `add ${stepText(step)}`);
    if (added !== undefined) yield { text: added, changes, moved: impossible.stepsBefore.length };
  }
  if (obstacle.mistakes.length > 0) yield* withoutUnusedValues(text);
  if (own?.word === 'allocation' || own?.word === 'answer') yield* webhook(text);
  const step = impossible?.step ?? stepAtLine(text, obstacle.mistakes[0]?.line);
  const isOwnStep = step === undefined || step < 0 || own?.group.startsWith(`timeline ${step + 1} `) === true;
  const name = step === undefined ? '' : stepName(choices, step);
  const removed = isOwnStep || step === undefined ? undefined : removeStep(text, step);
  const removal: Candidate[] =
    removed === undefined || step === undefined
      ? []
      : [{ text: removed, changes: [`remove step ${step + 1}, ${name}`], moved: -1 }];
  const groups = groupsAt(text, choices, own, obstacle);
  // If no other step needs the impossible step, the removal of this step is tried before changes in the design of the device.
  const isNeeded = isOwnStep || enrollingSteps.includes(name) || isRegistering(name);
  for (const group of isNeeded ? groups : groups.filter((one) => one.startsWith(`timeline ${(step ?? 0) + 1} `))) {
    yield* otherValuesIn(text, choices, group, flipped);
  }
  yield* removal;
  if (!isNeeded) for (const group of groups) yield* otherValuesIn(text, choices, group, flipped);
}

function* otherValuesIn(
  text: string,
  choices: readonly Choice[],
  group: string,
  { path }: Flipped,
): Generator<Candidate> {
  for (const choice of choices) {
    if (choice.group === group && !isSame(choice.path, path)) yield* otherValues(text, choice);
  }
}

/** Returns true if devices or attackers register in a step. */
function isRegistering(name: string): boolean {
  return vocabulary().steps.find((kind) => kind.name === name)?.registers === true;
}

/** Returns the change of timeline steps that a new attestation type of a device needs; undefined if the choice is not an attestation. */
export function convertedFor(text: string, { variant, path }: Flipped): Change | undefined {
  const own = choicesOf(text, variant).find((choice) => isSame(choice.path, path));
  const device = own && deviceOf(own);
  if (own?.word !== 'attestation' || device === undefined) return undefined;
  return convertCredentials(text, device, own.value as Attestation);
}

/** Returns the device that a choice belongs to; undefined if it belongs to something else. */
function deviceOf({ group }: Choice): string | undefined {
  return /^devices (\S+)$/.exec(group)?.[1];
}

/** Yields every other value of a choice. The removal of the choice is first, because a file with fewer words has fewer contradictions. */
function* otherValues(text: string, choice: Choice): Generator<Candidate> {
  const { value, options, isWritten, isOptional, kind } = choice;
  const others: Chosen[] = isWritten && isOptional ? [null] : [];
  if (kind === 'one-of')
    others.push(
      ...options
        .filter((option) => option !== value)
        .toSorted(byEase)
        .slice(0, 6),
    );
  if (kind === 'yes-no') others.push(value !== true);
  for (const other of others) {
    const changed = choose(text, choice.path, other, shorthandAt(text, choice.path));
    if (changed === undefined || changed === text) continue;
    const device = choice.word === 'attestation' ? deviceOf(choice) : undefined;
    // A new attestation type needs other steps, so the new type and the new steps are one candidate.
    const converted = device === undefined ? undefined : convertCredentials(changed, device, other as Attestation);
    const whole = converted?.text ?? changed;
    yield {
      text: whole,
      changes: [changeText(choice, other), ...(converted?.changes ?? [])],
      moved: Math.min(0, countSteps(whole) - countSteps(text)),
    };
  }
}

/** Compares two values for a sort. A value that allows more other settings comes before a value that allows fewer. */
function byEase(one: string, other: string): number {
  const easy = ['https', 'tpm', 'third-party'];
  return Number(easy.includes(other)) - Number(easy.includes(one));
}

function changeText({ group, word }: Choice, value: Chosen): string {
  const [first = '', second = '', ...more] = group.split(' ');
  const place = first === 'timeline' ? `step ${second}, ${more.join(' ')}` : [second, ...more].join(' ') || first;
  return value === null ? `remove ${word} from ${place}` : `set ${word} of ${place} to ${String(value)}`;
}

function* webhook(text: string): Generator<Candidate> {
  const tree: unknown = parse(text, { uniqueKeys: false });
  const [hub = 'hub-eu'] = namesIn((tree ?? {}) as Readonly<Record<string, unknown>>).hub;
  const change = `add a webhook that assigns ${hub}`;
  const changed = choose(text, ['cloud', 'webhook', 'answer'], hub);
  if (changed !== undefined) yield { text: changed, changes: [change] };
}

/** Yields a text without the matrix values that no placeholder uses any more. */
function* withoutUnusedValues(text: string): Generator<Candidate> {
  const tree: unknown = parse(text, { uniqueKeys: false });
  const matrix: unknown = isRecord(tree) ? tree['matrix'] : undefined;
  if (!isRecord(tree) || !Array.isArray(matrix) || !matrix.every(isRecord)) return;
  let changed: string | undefined = text;
  const removed = new Set<string>();
  for (const [row, { used }] of spreadMatrix(tree, matrix).entries()) {
    for (const word of Object.keys(matrix[row] ?? {})) {
      if (word === 'name' || used.has(word) || changed === undefined) continue;
      changed = removeKey(changed, ['matrix', row, word]);
      removed.add(word);
    }
  }
  if (changed === undefined || removed.size === 0) return;
  yield {
    text: changed,
    changes: [...removed].map((word) => `remove ${word} from the matrix, because nothing uses it now`),
  };
}

/**
 * Returns the groups of choices that an obstacle concerns: the group of the user's choice, and the groups of the mistakes and of the
 * impossible step.
 */
function groupsAt(
  text: string,
  choices: readonly Choice[],
  own: Choice | undefined,
  { mistakes, impossible }: Obstacle,
): readonly string[] {
  const lines = new Set(mistakes.map(({ line }) => line));
  const at = choices.filter((choice) => lines.size > 0 && lines.has(lineOf(text, choice.path) ?? 0));
  const step =
    impossible === undefined ? [] : choices.filter(({ group }) => group.startsWith(`timeline ${impossible.step + 1} `));
  const groups = [own, ...at, ...step].flatMap((choice) => (choice === undefined ? [] : [choice.group]));
  return [...new Set(groups)];
}

function stepName(choices: readonly Choice[], step: number): string {
  const group = choices.find((choice) => choice.group.startsWith(`timeline ${step + 1} `))?.group;
  return group?.split(' ')[2] ?? 'which can no longer be done';
}

/** Returns the line of a value, or of the nearest value above it. */
function lineOf(text: string, path: Path): number | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

/** Returns the index of the step that contains a line. */
function stepAtLine(text: string, line: number | undefined): number | undefined {
  if (line === undefined) return undefined;
  const lines = new LineCounter();
  const timeline: unknown = parseDocument(text, { lineCounter: lines }).get('timeline', true);
  if (!isSeq(timeline)) return undefined;
  const found = timeline.items.findIndex(
    (item) =>
      isMap(item) &&
      item.range &&
      lines.linePos(item.range[0]).line <= line &&
      lines.linePos(item.range[1] - 1).line >= line,
  );
  return found < 0 ? undefined : found;
}

function choicesOf(text: string, variant: number): readonly Choice[] {
  const tree: unknown = parse(text, { uniqueKeys: false });
  return isRecord(tree) ? choicesIn(tree, variant, vocabulary().steps) : [];
}

/** Returns the choices of one variant, followed by choices of other variants that are written elsewhere in the file. */
function choicesOfAll(text: string, variant: number): readonly Choice[] {
  const tree: unknown = parse(text, { uniqueKeys: false });
  const matrix: unknown = isRecord(tree) ? tree['matrix'] : undefined;
  const others = Array.isArray(matrix) ? [...matrix.keys()].filter((one) => one !== variant).slice(0, 30) : [];
  const all = [variant, ...others].flatMap((one) => choicesOf(text, one));
  return [...new Map(all.toReversed().map((one) => [one.path.join('\n'), one])).values()].toReversed();
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((step, index) => step === other[index]);
}
